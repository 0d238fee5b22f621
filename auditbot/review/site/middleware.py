"""What every request passes: who may come near, how long a session lasts, which role may ask for what."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from auditbot.errors import AuditbotError
from auditbot.review.site.rendering import page
from auditbot.review.site.sign_in import STEP_UP_SECONDS, has_way_in
from auditbot.review.site.site_settings import IDLE_SECONDS, LOCKED_MINUTES, LONGEST_SECONDS
from auditbot.sentences import _

View = Callable[..., HttpResponse]
DECISION = re.compile(r"/f/\w+/decide")
TOUCH_SECONDS = 60
"""A session's last use is written at most this often: a page with ten pictures is one use, not eleven."""


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; behind the school's own proxy, the one the proxy tells."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxy = getattr(settings, "TRUSTED_PROXY", "")
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
    return told if proxy and direct == proxy and told else direct


class PrivateNetworkOnly:
    """Lets in what comes from a private network or this computer; the page is never open to the world."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say nothing but that there is nothing here."""
        proxy = getattr(settings, "TRUSTED_PROXY", "")
        if proxy and request.META.get("REMOTE_ADDR") != proxy:
            return HttpResponse(status=404)  # what the proxy tells is believed of nobody else
        try:
            near = not ip_address(address_of(request)).is_global
        except ValueError:
            near = False
        return self.get_response(request) if near else HttpResponse(status=404)


class Headers:
    """Adds to every answer what browsers may do with it; only our own files may be kept."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = settings.CONTENT_POLICY
        response.headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=(self)"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        kept = request.path.startswith("/static/") and response.status_code == 200
        response.headers["Cache-Control"] = "private, max-age=86400" if kept else "no-store, private"
        return response


class Sessions:
    """Ends sessions that were idle or long enough, and those of people who have been locked."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, signed out if the session is over."""
        if request.user.is_authenticated:
            now, session = time.time(), request.session
            began, used = session.get("began", 0.0), session.get("used", 0.0)
            if not request.user.is_active or now - used > IDLE_SECONDS or now - began > LONGEST_SECONDS:
                whose = request.user.pk
                logout(request)
                request.signed_out = whose  # type: ignore[attr-defined]
            elif now - used > TOUCH_SECONDS:
                session["used"] = now
        return self.get_response(request)


def begin_session(request: HttpRequest, **marks: Any) -> None:
    """Note when a session began; called at every sign-in."""
    request.session["began"] = request.session["used"] = time.time()
    for name, value in marks.items():
        request.session[name] = value


def guarded(view: View, roles: frozenset[str], methods: tuple[str, ...], *, step_up: bool = False) -> View:
    """Return the view behind its door: for these roles and methods alone; everybody else finds nothing there."""

    @functools.wraps(view)
    def behind(request: HttpRequest, *words: Any, **named: Any) -> HttpResponse:
        person: Any = request.user
        if not person.is_authenticated:
            return _to_sign_in(request)
        if "kept" in request.session and request.session["kept"]["whose"] != person.pk:
            del request.session["kept"]  # somebody else's, who was signed in on this browser before
        if "kept" in request.session and request.path != reverse("kept"):
            return HttpResponseRedirect(reverse("kept"))
        if not request.session.get("this_computer") and not has_way_in(person):
            return HttpResponseRedirect(reverse("choose"))
        if person.role not in roles:
            raise Http404
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if step_up and not recently_signed_in(request):
            return HttpResponseRedirect(f"{reverse('again')}?{urlencode({'next': request.get_full_path()})}")
        return _answered(view, request, words, named)

    return behind


def _answered(view: View, request: HttpRequest, words: tuple[Any, ...], named: dict[str, Any]) -> HttpResponse:
    """Return what a view answers, or why it cannot: a register that cannot be trusted is told to leads in full."""
    person: Any = request.user
    try:
        return view(request, *words, **named)
    except AuditbotError as error:
        told = _("Nothing is lost. Please tell your technician the time at which it happened.")
        if person.is_lead:
            told = _("Nothing is lost. Please show these words to your technician:")
        shown = str(error) if person.is_lead else ""
        return page(request, "stopped.html", 503, title=_("This cannot be shown just now"), words=told, shown=shown)


def open_to_all(view: View, methods: tuple[str, ...]) -> View:
    """Return a view that needs nobody signed in."""

    @functools.wraps(view)
    def behind(request: HttpRequest, *words: Any, **named: Any) -> HttpResponse:
        return view(request, *words, **named) if request.method in methods else HttpResponseNotAllowed(methods)

    return behind


def recently_signed_in(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last ten minutes."""
    from allauth.account.authentication import get_authentication_records  # noqa: PLC0415  needs the settings

    if request.session.get("this_computer"):
        return True  # the operating system's own sign-in is the proof
    latest = max((record["at"] for record in get_authentication_records(request, request.user)), default=0.0)
    return bool(time.time() - latest < STEP_UP_SECONDS)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, from where a page that was asked for is come back to; a decision is kept meanwhile."""
    where = request.get_full_path() if request.method == "GET" else "/"
    whose = getattr(request, "signed_out", None)
    if request.method == "POST" and whose is not None and DECISION.fullmatch(request.path):
        said = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        request.session["kept"] = {"path": request.path, "said": said, "whose": whose}
        where = reverse("kept")
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': where})}")


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return where to go next as the form says, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fits and wanted.startswith("/") else default


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page of ours, or from one that is too old."""
    return page(
        request,
        "stopped.html",
        403,
        title=_("Please try again"),
        words=_(
            "This form was not sent from a page that is open here, or the page was open for too long. Nothing was "
            "changed. Go back, load the page again and repeat what you did."
        ),
    )


def locked_out(request: HttpRequest, _credentials: Any = None, *_given: Any, **__: Any) -> HttpResponse:
    """Answer somebody who tried too often."""
    return page(
        request,
        "stopped.html",
        429,
        title=_("Too many tries"),
        words=_(
            "Signing in is closed for %(count)s minutes, because a wrong name, password or code was entered too often. "
            "Then try again, or ask another safeguarding lead for a new slip.",
            count=LOCKED_MINUTES,
        ),
    )


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for what is not there, and for what this person may not see: the same page."""
    return page(
        request,
        "stopped.html",
        404,
        title=_("There is nothing here"),
        words=_("This page does not exist, or it is not for your role. Today’s page shows all that waits for you.")
        if request.user.is_authenticated
        else _("This page does not exist, or it is shown only to those who have signed in."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer after an error in the program."""
    return page(
        request,
        "stopped.html",
        500,
        title=_("Something went wrong here"),
        words=_(
            "This is a fault of the program, not yours. Decisions made before are kept. Please tell your technician "
            "the time at which it happened."
        ),
    )
