"""Gather the sentences marked for translation, bring every translation up to them, and compile it.

    python tools/sentences.py            write auditbot/data/locale/auditbot.pot and all translations beside it
    python tools/sentences.py add cy     begin a translation, here into Welsh

Places in files are left out and messages sorted, so that the catalogue changes only when a sentence does.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "auditbot"
LOCALE = PACKAGE / "data" / "locale"
CUES = PACKAGE / "check" / "please_read" / "cues.toml"
"""A table of words that says what each kind is called."""
TEMPLATE = LOCALE / "auditbot.pot"
METHODS = [("**/templates/**", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "say": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "say_n": (1, 2),
    "__init__": None,
}
"""What marks a sentence, and which of its arguments are messages: of several, one thing and many.

An error's message is marked by being handed to ``super().__init__``.
"""


def marked_sentences() -> Catalog:
    """Return all messages that are marked in the package."""
    catalog = Catalog(project="auditbot", charset="utf-8")
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",))
    for _file, _line, message, comments, _context in found:
        if message and message != "":
            catalog.add(message, auto_comments=comments)
    for words in tomllib.loads(CUES.read_text("utf-8"))["says"].values():
        catalog.add(words)
    return catalog


def main() -> int:
    """Write the catalogues."""
    LOCALE.mkdir(exist_ok=True)
    catalog = marked_sentences()
    with TEMPLATE.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    if sys.argv[1:2] == ["add"]:
        (LOCALE / sys.argv[2] / "LC_MESSAGES").mkdir(parents=True)
        (LOCALE / sys.argv[2] / "LC_MESSAGES" / "auditbot.po").touch()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/auditbot.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            translated = read_po(file, locale=language)
        translated.update(catalog)
        with path.open("wb") as file:
            write_po(file, translated, width=100, no_location=True, sort_output=True)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, translated)
        done = sum(bool(message.string) for message in translated if message.id)
        print(f"{language}: {done} of {len(translated)} sentences")
    print(f"{len(catalog)} sentences")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
