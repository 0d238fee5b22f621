"""Messages to the webhook."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table."""

    dependencies = [
        ("people", "0002_before_and_api"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("news", models.CharField(max_length=120, unique=True)),
                ("body", models.TextField()),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(default=None, null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
    ]
