"""Adding, locking and removing people: the same for ``auditbot person`` and for the page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from auditbot.review.people.models import LEADS, ROLES, Person, Slip


def add_person(handle: str, called: str, role: str, email: str = "", accounts: str = "") -> tuple[Person | None, str]:
    """Return the new person, or None and why there can be none. ``accounts`` are names with commas between."""
    if role not in dict(ROLES):
        return None, f"The role must be one of {', '.join(dict(ROLES))}."
    if Person.objects.filter(handle__iexact=handle).exists():
        return None, "Somebody signs in with this name already."
    person = Person(handle=handle, called=called, role=role, email=email, accounts=_names(accounts))
    person.set_unusable_password()
    person.save()
    return person, ""


def _names(text: str) -> list[str]:
    return [name for part in text.split(",") if (name := " ".join(part.split()))]


def find_person(handle: str) -> Person | None:
    """Return the person who signs in with this name, or None."""
    return Person.objects.filter(handle__iexact=handle).first()


def is_only_lead(person: Person) -> bool:
    """Whether nobody else could decide if this person could not sign in."""
    others = Person.objects.filter(role__in=LEADS, locked=False).exclude(pk=person.pk)
    return person.role in LEADS and not person.locked and not others.exists()


def lock_person(person: Person) -> None:
    """Let a person in no more, and end their sessions at once; what they decided stays."""
    Slip.objects.filter(person=person, used_at=None).delete()
    Person.objects.filter(pk=person.pk).update(locked=True)
    person.end_sessions()


def unlock_person(person: Person) -> None:
    """Let a person in again, who signs in as before."""
    Person.objects.filter(pk=person.pk).update(locked=False)


def remove_person(person: Person) -> None:
    """Remove a person; in what they decided their sign-in name stays."""
    person.delete()


def start_afresh(person: Person) -> None:
    """Forget how a person signs in, so that a new slip lets them choose anew; their sessions end."""
    Authenticator.objects.filter(user_id=person.pk).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    person.end_sessions()
