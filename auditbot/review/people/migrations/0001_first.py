"""The first tables of data/review.db."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes them."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("handle", models.CharField(max_length=60, unique=True)),
                ("called", models.CharField(max_length=80)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Designated safeguarding lead"),
                            ("deputy", "Deputy safeguarding lead"),
                            ("head", "Headteacher"),
                            ("editor", "Page editor"),
                            ("data", "Data manager"),
                            ("it", "IT technician"),
                            ("governor", "Safeguarding governor"),
                        ],
                        max_length=12,
                    ),
                ),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("accounts", models.JSONField(default=list)),
                ("locked", models.BooleanField(default=False)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("single_keys", models.BooleanField(default=True)),
                ("last_looked", models.DateTimeField(default=None, null=True)),
                ("looked_before", models.DateTimeField(default=None, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("account", models.CharField(max_length=80)),
                ("findings", models.JSONField(default=list)),
                ("batch", models.PositiveBigIntegerField(db_index=True)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=60)),
                ("answered_at", models.DateTimeField(default=None, null=True)),
                ("looked", models.CharField(blank=True, default="", max_length=12)),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Cover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covers", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("first_day", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("news", models.CharField(max_length=120, unique=True)),
                ("batch", models.PositiveBigIntegerField(db_index=True, default=0)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(default=None, null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(default=None, null=True)),
                ("of_this_computer", models.BooleanField(default=False)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
