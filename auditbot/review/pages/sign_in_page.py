"""Coming in: by a slip's code, choosing how to sign in afterwards, going out; and our own files."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from auditbot.review.people.models import take_slip
from auditbot.review.site.middleware import begin_session, safe_next
from auditbot.review.site.rendering import page, static_files
from auditbot.review.site.sign_in import has_way_in, is_linked
from auditbot.sentences import _, say

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class SlipForm(forms.Form):
    """The code of a slip."""

    code = forms.CharField(
        label=say("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "autofocus": ""}
        ),
    )


def slip(request: HttpRequest) -> HttpResponse:
    """Sign somebody in by the code of a slip, once; then they choose how they sign in afterwards."""
    form = SlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, slip=form.cleaned_data["code"])
        if person is not None:
            login(request, person, "auditbot.review.site.sign_in.SlipBackend")
            _note(request, "slip")
            return HttpResponseRedirect(reverse("choose"))
        form.add_error(
            "code", _("This code is not right, was used already, or is older than three days. Ask for a new slip.")
        )
    return page(request, "slip.html", form=form)


def opened(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in whoever opened the page on this computer with the address that ``auditbot review`` made."""
    taken = take_slip(code) if request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") else None
    if taken is None or not taken.of_this_computer:
        return page(
            request,
            "stopped.html",
            404,
            title=_("This address does not open the page any more"),
            words=_(
                "It works once, for a few minutes after it was made, on the computer on which it was made. Start the "
                "page again, or ask whoever gave you the address."
            ),
        )
    login(request, taken.person, "auditbot.review.site.sign_in.SlipBackend")
    begin_session(request, this_computer=True)
    return HttpResponseRedirect("/")


def _note(request: HttpRequest, method: str) -> None:
    """Note a sign-in, so that what needs a recent one knows of it."""
    from allauth.account.internal.flows.login import record_authentication  # noqa: PLC0415  needs the settings

    record_authentication(request, request.user, method=method)
    begin_session(request)


def choose(request: HttpRequest) -> HttpResponse:
    """Let somebody who came by a slip choose: this device, or a password with codes."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    if has_way_in(request.user):
        return HttpResponseRedirect("/")
    form: Any = SetPasswordForm(request.user, request.POST or None)
    form.fields["new_password1"].help_text = form.fields["new_password2"].help_text = ""
    form.fields["new_password1"].label = _("New password")
    form.fields["new_password2"].label = _("The same once more")
    if request.method == "POST" and form.is_valid():
        form.save()
        login(request, get_user_model().objects.get(pk=request.user.pk), "auditbot.review.site.sign_in.SlipBackend")
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    return page(request, "choose.html", form=form)


def again(request: HttpRequest) -> HttpResponse:
    """Ask for a sign-in once more, by what the person has."""
    from allauth.account.adapter import get_adapter  # noqa: PLC0415  needs the settings

    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways and is_linked(request.user):
        return page(request, "again.html", next=safe_next(request))
    if not ways:
        raise Http404
    return HttpResponseRedirect(f"{ways[0]['url']}?next={safe_next(request)}")


def own_file(request: HttpRequest, name: str) -> HttpResponse:
    """Send one of our style sheets or scripts."""
    path = static_files().get(name)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=KINDS[path.suffix])


def signed_in(sender: object, request: HttpRequest, user: object, **_: object) -> None:
    """Note when a session began, however it did."""
    request.session["began"] = request.session["used"] = time.time()
