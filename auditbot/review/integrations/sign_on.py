"""Signing in with the school's own Microsoft or Google accounts: only people who were added, linked once by their slip.

Pupils have accounts in the same tenant, so neither a domain nor an address lets anybody in: an account is linked while
its owner is signed in by a slip, must then have the address that the person was added with, and is known afterwards by
the tenant's own number for it, whatever its address becomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse

from auditbot.review.site.rendering import page
from auditbot.sentences import _

ADDRESS_CLAIMS = ("email", "preferred_username", "upn")


class SchoolAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """What allauth may do with accounts from outside: sign in those that are linked, link those of a slip's owner."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in what is linked; link what a slip's owner shows; stop everything else."""
        person: Any = request.user
        if sociallogin.is_existing:
            if person.is_authenticated and sociallogin.user.pk != person.pk:
                raise ImmediateHttpResponse(self._stopped(request, _("This account belongs to somebody else here.")))
            return
        if not person.is_authenticated or sociallogin.state.get("process") != "connect":
            told = _("This account was not invited. Ask the safeguarding lead for a slip, and link it with that.")
            raise ImmediateHttpResponse(self._stopped(request, told))
        shown = {address.casefold() for address in _addresses(sociallogin.account.extra_data)}
        if not person.email or person.email.casefold() not in shown:
            told = _("This account’s address is not the one that you were added with. Ask the safeguarding lead.")
            raise ImmediateHttpResponse(self._stopped(request, told))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Say that it did not work, and nothing of why: that stands at the school's own sign-in."""
        told = _("Signing in with the school’s account did not work. Try again, or use your device or password.")
        raise ImmediateHttpResponse(self._stopped(request, told))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Go on to the page of the day."""
        return "/"

    def _stopped(self, request: HttpRequest, words: str) -> HttpResponse:
        return page(request, "stopped.html", 403, title=_("Not signed in"), words=words)


def _addresses(data: Mapping[str, Any]) -> set[str]:
    told = [part for name in ("userinfo", "id_token") if isinstance(part := data.get(name), Mapping)] or [data]
    return {str(part[claim]) for part in told for claim in ADDRESS_CLAIMS if part.get(claim)}


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer for pages of allauth that there are not here: its list of links, its sign-up."""
    raise Http404


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """Answer somebody who turned back at the school's own sign-in."""
    told = _("Signing in was broken off. Try again, or use your device or password.")
    return page(request, "stopped.html", 403, title=_("Not signed in"), words=told)
