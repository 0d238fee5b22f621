"""What all pages share: values made visible and escaped by Jinja, and a policy that admits their own style alone."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from auditbot.report.visible import visible

_TEMPLATES = PackageLoader("auditbot.report")


def page_environment() -> Environment:
    """Return what templates are rendered with; a value that a template asks for and nobody gives is an error."""
    return Environment(
        loader=_TEMPLATES,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def style_sheet(environment: Environment, name: str) -> str:
    """Return the text of a style sheet beside the templates."""
    source, _, _ = _TEMPLATES.get_source(environment, name)
    return source


def render_page(environment: Environment, template: str, style: str, **values: object) -> str:
    """Return the page; the template puts ``style`` in, and ``style_hash`` into its content security policy."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return environment.get_template(template).render(style=Markup(style), style_hash=digest, **values)
