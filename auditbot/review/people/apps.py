"""The Django application that holds the people."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """The people of the page, their slips and who stands in for whom."""

    name = "auditbot.review.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
