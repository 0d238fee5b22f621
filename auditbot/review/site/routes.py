"""Every address of the site, who may ask for it and how: one table, from which Django's own is made."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.socialaccount.providers.openid_connect import views as sign_on_views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from auditbot.review.before import before_page
from auditbot.review.deciding import decide_page, faces_page, history_page, pictures_page
from auditbot.review.integrations import sign_on
from auditbot.review.integrations.reading_api import api
from auditbot.review.integrations.sign_on_settings import PROVIDER
from auditbot.review.pages import (
    asked_page,
    exposure_over_time,
    figures_page,
    people_page,
    posts_page,
    sign_in_page,
    today_page,
)
from auditbot.review.papers import calendar_file, letters_page, prints_page
from auditbot.review.records import (
    concerns_page,
    gallery_page,
    import_page,
    pupil_page,
    registers_page,
    welcome_page,
)
from auditbot.review.site.middleware import View, guarded, open_to_all

LEAD = frozenset(("lead", "deputy"))
HEAD = frozenset(("head",))
EDITOR = frozenset(("editor",))
DATA = frozenset(("data",))
POSTERS = frozenset(("lead", "deputy", "head", "editor", "data"))
ALL = frozenset(("lead", "deputy", "head", "editor", "data", "it", "governor"))
GET, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Route:
    """One address."""

    pattern: str
    """Its path, as Django writes it."""
    name: str
    """What templates call it."""
    view: View
    """What answers."""
    roles: frozenset[str]
    """Who may ask; nobody signed in is needed if it is empty."""
    methods: tuple[str, ...] = GET
    """How it may be asked."""
    step_up: bool = False
    """Whether the sign-in must be less than ten minutes old."""


ROUTES: tuple[Route, ...] = (
    Route("static/<str:name>", "static", sign_in_page.own_file, frozenset()),
    Route("slip", "slip", sign_in_page.slip, frozenset(), BOTH),
    Route("open/<str:code>", "open", sign_in_page.opened, frozenset()),
    Route("choose", "choose", sign_in_page.choose, frozenset(), BOTH),
    Route("again", "again", sign_in_page.again, ALL),
    Route("", "today", today_page.today, ALL),
    Route("decide", "start", decide_page.start, LEAD | HEAD),
    Route("f/<str:finding>", "finding", decide_page.show, LEAD | HEAD),
    Route("f/<str:finding>/decide", "decide", decide_page.decide, LEAD | HEAD, POST),
    Route("f/<str:finding>/history", "history", history_page.history, LEAD | HEAD),
    Route("f/<str:finding>/after", "after_proof", history_page.after_proof, LEAD, POST),
    Route("f/<str:finding>/likeliest", "likeliest", faces_page.show_likeliest, LEAD),
    Route("f/<str:finding>/learn", "learn", faces_page.learn_face, LEAD, POST),
    Route("f/<str:finding>/photo.jpg", "photo", pictures_page.photo, LEAD | HEAD),
    Route("f/<str:finding>/face-<int:number>.jpg", "face", pictures_page.face, LEAD | HEAD),
    Route("f/<str:finding>/all-faces", "all_faces", decide_page.show_all_faces, LEAD, step_up=True),
    Route("f/<str:finding>/all-faces.jpg", "whole", pictures_page.whole, LEAD, step_up=True),
    Route("f/<str:finding>/portrait/<str:pupil_id>.jpg", "portrait", pictures_page.portrait, LEAD | HEAD),
    Route("f/<str:finding>/page.jpg", "screenshot", pictures_page.screenshot, LEAD | HEAD),
    Route("kept", "kept", decide_page.kept, LEAD | HEAD),
    Route("undo", "undo", decide_page.undo, LEAD | HEAD, POST),
    Route("keys", "keys", decide_page.single_keys, LEAD | HEAD, POST),
    Route("asked", "asked", asked_page.asked, LEAD),
    Route("asked/send", "send", asked_page.send, LEAD, POST),
    Route("task/<str:token>", "task", asked_page.task, LEAD | EDITOR, BOTH),
    Route("task/<str:token>/photo-<int:number>.jpg", "task_photo", asked_page.task_photo, LEAD | EDITOR),
    Route("posts", "posts", posts_page.posts, LEAD | HEAD | EDITOR),
    Route("p/<str:post>", "post", posts_page.one_post, LEAD | HEAD | EDITOR),
    Route("before", "before", before_page.before, POSTERS, BOTH),
    Route("before/words", "before_words", before_page.the_words, POSTERS, POST),
    Route("before/photo", "before_photo", before_page.one_photo, POSTERS, POST),
    Route("before/copy", "before_copy", before_page.copy, POSTERS, POST),
    Route("pupils", "pupils", pupil_page.pupils, LEAD | DATA),
    Route("pupil/<str:pupil_id>", "pupil", pupil_page.pupil, LEAD | DATA),
    Route("pupil/<str:pupil_id>/letter/<str:kind>", "letter", letters_page.to_family, LEAD),
    Route("registers", "registers", registers_page.registers, LEAD | HEAD | EDITOR | DATA),
    Route("registers/<str:name>", "register", registers_page.register, LEAD | DATA),
    Route("registers/accounts/<str:account>", "account", registers_page.account, LEAD | HEAD | EDITOR | DATA, BOTH),
    Route("gallery", "gallery", gallery_page.gallery, LEAD | DATA),
    Route("gallery/<str:pupil_id>.jpg", "gallery_portrait", gallery_page.gallery_portrait, LEAD),
    Route("imports", "imports", import_page.imports, LEAD | DATA, BOTH),
    Route("concerns", "concerns", concerns_page.concerns, LEAD | HEAD | EDITOR, BOTH),
    Route("concerns/<str:number>", "end_concern", concerns_page.end_concern, LEAD | HEAD, POST),
    Route("asked/letters", "editor_letters", letters_page.to_editors, LEAD),
    Route("f/<str:finding>/print", "print_file", prints_page.child_file, LEAD, BOTH, step_up=True),
    Route("print/meeting", "print_meeting", prints_page.meeting, LEAD | HEAD),
    Route("calendar.ics", "calendar", calendar_file.calendar, LEAD | HEAD),
    Route("welcome", "welcome", welcome_page.welcome, LEAD | frozenset(("it",))),
    Route("figures/<str:name>", "month", figures_page.month, LEAD | HEAD | frozenset(("governor",))),
    Route("people", "people", people_page.people, LEAD | frozenset(("it",)), BOTH, step_up=True),
    Route(
        "people/<int:number>", "change_person", people_page.change_person, LEAD | frozenset(("it",)), POST, step_up=True
    ),
    Route("sign-out-everywhere", "end_mine", people_page.end_mine, ALL, POST),
    Route("cover", "cover", people_page.cover, LEAD | HEAD, BOTH),
    Route("cover/<int:number>", "end_cover", people_page.end_cover, LEAD | HEAD, POST),
    Route("figures", "figures", figures_page.show_figures, LEAD | HEAD | frozenset(("governor",))),
    Route("exposure", "exposure", exposure_over_time.show_exposure, LEAD | HEAD | frozenset(("governor",))),
    Route("head", "head", figures_page.head_sheet, LEAD | HEAD),
    Route("health", "health", figures_page.health, LEAD | frozenset(("it",))),
    Route("log", "log", people_page.log, LEAD),
)
"""Everything of ours, in the order in which it is looked for."""

BY_ALLAUTH: tuple[tuple[str, str, View], ...] = (
    ("sign-in", "account_login", account_views.login),
    ("sign-out", "account_logout", account_views.logout),
    ("sign-in/locked", "account_inactive", account_views.account_inactive),
    ("sign-in/again", "account_reauthenticate", account_views.reauthenticate),
    ("sign-in/code", "mfa_authenticate", mfa_views.authenticate),
    ("sign-in/again/code", "mfa_reauthenticate", mfa_views.reauthenticate),
    ("sign-in/again/device", "mfa_reauthenticate_webauthn", passkey_views.reauthenticate_webauthn),
    ("sign-in/device", "mfa_login_webauthn", passkey_views.login_webauthn),
    ("choose/device", "mfa_add_webauthn", passkey_views.add_webauthn),
    ("choose/codes", "mfa_activate_totp", totp_views.activate_totp),
)
"""What allauth answers. Its sign-up, password reset and pages of accounts have no address here."""


def _view(route: Route) -> View:
    if not route.roles:
        return open_to_all(route.view, route.methods)
    return guarded(route.view, route.roles, route.methods, step_up=route.step_up)


def only_school(view: View, method: str) -> View:
    """Return a view of the school's own sign-in; there is one provider, and none while it is switched off."""

    def behind(request: HttpRequest, provider_id: str) -> HttpResponse:
        if not settings.SIGN_ON or provider_id != PROVIDER or request.method != method:
            raise Http404
        return view(request, provider_id)

    return behind


urlpatterns: list[URLPattern | URLResolver] = [
    *(path(route.pattern, _view(route), name=route.name) for route in ROUTES),
    *(path(pattern, view, name=name) for pattern, name, view in BY_ALLAUTH),
    path("sign-in/<str:provider_id>/account", only_school(sign_on_views.login, "POST"), name="openid_connect_login"),
    path(
        "sign-in/<str:provider_id>/account/back",
        only_school(sign_on_views.callback, "GET"),
        name="openid_connect_callback",
    ),
    path("sign-in/broken-off", sign_on.not_signed_in, name="socialaccount_login_cancelled"),
    path("sign-in/links", sign_on.nothing_here, name="socialaccount_connections"),
    path("sign-in/new", sign_on.nothing_here, name="socialaccount_signup"),
    path("api/v1/", api.urls),
    path("", guarded(today_page.today, ALL, GET), name="mfa_index"),
]
handler404 = "auditbot.review.site.middleware.absent"
handler500 = "auditbot.review.site.middleware.broken"
