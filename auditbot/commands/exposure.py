"""``auditbot exposure``: how exposed the people in a site's photos are, from the site's address alone."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from auditbot.commands.common import COMPLETE, FINDINGS, ProgressBars, workspace_of
from auditbot.errors import NotAnAddress, NotAnswering
from auditbot.exposure.exposure_page import SHEET
from auditbot.exposure.grades import Grade
from auditbot.exposure.photo_phrases import faces_counted, grouped, photos_in_words
from auditbot.machine.refusals import check_edges
from auditbot.registers.secrets import key_file
from auditbot.safe_files import private_folder, write_private
from auditbot.sentences import _, _n
from auditbot.survey import DEMO_HOST, Survey, Surveyed, survey, survey_account


def run_exposure(options: argparse.Namespace) -> int:
    """Visit the site, or take what audits know of an account, and say where the report is."""
    if options.account:
        return _of_account(options)
    urls = [f"http://{DEMO_HOST}/"] if options.demo else [_address(url) for url in options.url]
    if not urls:
        raise NotAnAddress("")
    host = urlsplit(urls[0]).netloc
    if not options.demo and not options.i_answer_for_it:
        _ask_who_answers(host)
    folder = Path(options.out or f"exposure-{host.replace(':', '-')}")
    copies = Path(options.safer_copies) if options.safer_copies else None
    with ProgressBars(Console(stderr=True)) as bars:
        done = survey(Survey(urls[0], folder, tuple(urls[1:]), copies, options.demo), machine_secret(), bars)
    for line in _lines(done, options.demo):
        print(line)
    return FINDINGS if done.exposure.total else COMPLETE


def _of_account(options: argparse.Namespace) -> int:
    """The same of one account of the workspace."""
    workspace = workspace_of(options)
    check_edges(workspace.folder)
    folder = Path(options.out) if options.out else workspace.reports / f"exposure-{options.account}"
    copies = Path(options.safer_copies) if options.safer_copies else None
    done = survey_account(workspace, options.account, folder, copies, machine_secret())
    for line in _lines(done, demo=True):
        print(line)
    return FINDINGS if done.exposure.total else COMPLETE


def machine_secret() -> bytes:
    """Return this machine's own secret, made once: from it the words of proof follow, another for each site."""
    place = private_folder(key_file().parent) / "exposure.word"
    if not place.is_file():
        write_private(place, secrets.token_hex(32).encode())
    return place.read_bytes()


def _address(url: str) -> str:
    address = url if "://" in url else f"https://{url}"
    if not urlsplit(address).hostname or urlsplit(address).scheme not in ("http", "https"):
        raise NotAnAddress(url)
    return address


def _ask_who_answers(host: str) -> None:
    """A list of exposed children is for those responsible only. Raises NotAnswering unless the answer is yes."""
    print(_("This lists which photos on %(host)s expose children. It is for those who answer for the site.", host=host))
    try:
        answer = input(_("Do you answer for it? [yes/no] ")) if sys.stdin.isatty() else ""
    except EOFError:
        answer = ""
    if answer.strip().casefold() not in ("y", "yes"):
        raise NotAnswering(host)


def _lines(done: Surveyed, demo: bool) -> list[str]:
    exposure = done.exposure
    clear, faces = exposure.faces[Grade.CLOSE_AND_CLEAR], sum(exposure.faces.values())
    lines = [
        _n(
            "%(count)s page or post, %(photos)s, %(faces)s: %(clear)s close and clear.",
            "%(count)s pages and posts, %(photos)s, %(faces)s: %(clear)s close and clear.",
            exposure.all_posts,
            count=grouped(exposure.all_posts),
            photos=photos_in_words(len(exposure.photos)),
            faces=faces_counted(faces),
            clear=clear,
        ),
    ]
    if half := exposure.posts_for(0.5):
        lines.append(
            _(
                "Put %(half)s of %(count)s posts right, and half of the exposure is gone.",
                half=half,
                count=len(exposure.posts),
            )
        )
    lines += [
        _("Report: %(path)s", path=done.html),
        _("To print: %(pdf)s", pdf=done.pdf or _("open the report in a browser")),
        _("Work list: %(csv)s", csv=done.csv),
    ]
    if done.copies:
        made = sum(not copy.refused for copy in done.copies)
        lines.append(
            _(
                "Safer copies: %(made)s of %(count)s; look at %(sheet)s beside them",
                made=made,
                count=len(done.copies),
                sheet=SHEET,
            )
        )
        lines += [
            "  " + _("not made: %(place)s: %(refused)s", place=copy.place, refused=copy.refused)
            for copy in done.copies
            if copy.refused
        ]
        lines += [
            "  " + _("renamed, as its name holds a child's: %(place)s", place=copy.place)
            for copy in done.copies
            if copy.renamed
        ]
    if not demo and not done.proved:
        lines.append(
            _(
                'To show that you answer for the site, put <meta name="auditbot" content="%(word)s"> on its start '
                "page, or a file auditbot-%(word)s.txt with that word in it.",
                word=done.word,
            )
        )
    return lines


def declare_exposure(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("url", nargs="*", metavar="URL", help="the website's address; then further accounts")
    parser.add_argument(
        "--account", metavar="NAME", help="instead: an account of the workspace, from what its audits know"
    )
    parser.add_argument("--out", metavar="FOLDER", help="where the report goes")
    parser.add_argument("--safer-copies", metavar="FOLDER", help="write a copy of each exposed photo, faces hidden")
    parser.add_argument("--i-answer-for-it", action="store_true", help="say so beforehand, for a script")
    parser.add_argument("--demo", action="store_true", help="look at the made-up school")
    parser.set_defaults(run=run_exposure)
