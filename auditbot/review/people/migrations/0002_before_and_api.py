"""Photos that were checked before posting, and keys of other programs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the two tables."""

    dependencies = [
        ("people", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("called", models.CharField(max_length=60, unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("made_by", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(default=None, null=True)),
            ],
            options={
                "ordering": ("called",),
            },
        ),
        migrations.CreateModel(
            name="Checked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("answer", models.CharField(max_length=12)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("digest", "channel"), name="once_a_channel")],
            },
        ),
    ]
