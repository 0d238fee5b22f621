"""Pages in the chosen language: how templates mark their sentences, and how values stand in them."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from auditbot import sentences
from auditbot.present.excerpt import visible


def shown(value: Any) -> Any:
    """Return what a template puts into a page: text with nothing hidden in it, sentences in the chosen language."""
    return visible(str(value)) if isinstance(value, str) and not hasattr(value, "__html__") else value


def translate_pages(environment: Environment) -> Environment:
    """Let the templates of an environment mark sentences with ``_``, ``_n`` and ``{% trans %}``; return it.

    A message may hold marks of HTML; every value in it is escaped, and made visible before.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.finalize = shown
    environment.globals |= {"gettext": _message, "ngettext": _counted, "_n": _counted, "language": sentences.language}
    environment.filters |= {
        "lower": lambda value: str(value).lower(),
        "capitalize": lambda value: str(value).capitalize(),
    }
    return environment


def _message(message: str, /, **values: object) -> Markup:
    return Markup(sentences._(message, **_escaped(values)))


def _counted(one: str, many: str, count: int, /, **values: object) -> Markup:
    return Markup(sentences._n(one, many, count, **_escaped(values)))


def _escaped(values: dict[str, object]) -> dict[str, object]:
    return {name: escape(shown(value)) for name, value in values.items()}
