"""The ordinary prose of real sites (``sites.toml``), read once from local copies into ``.bench-data/prose``.

python -m tests.bench.please_read.real_prose        # read every site that is there, and count
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import selectolax.lexbor

from auditbot.check.please_read.text_kinds import TextKind, kind_of
from auditbot.examine.documents import examine_document
from auditbot.model import Spool

HERE = Path(__file__).parent
DATA = Path(".bench-data")
Split = Literal["train", "calibrate", "test"]
MOST_DOCUMENT_PAGES = 60
_FRONT = re.compile(r"\A﻿?---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
_CODE = re.compile(r"<\?(?:php|=)?.*?(?:\?>|\Z)|<%.*?%>|\{[{%].*?[%}]\}|@[a-z]+\([^\n]*\)", re.DOTALL)
_BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, td, th, dt, dd, blockquote, figcaption"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a site, or one page of a document."""

    site: str
    """The repository."""
    path: str
    """The file, and for a document the number of the page."""
    title: str
    """What the page is called; of a document its file name."""
    kind: str
    """What sort of text it is: post, or newsletter for a document's page."""
    text: str
    """What it says."""


@dataclass(frozen=True, slots=True)
class Site:
    """One entry of ``sites.toml``."""

    repository: str
    """Owner and name."""
    what: str
    """What it holds."""
    country: str
    """Where it is."""
    split: Split
    """What it may be used for: weights, thresholds, or figures."""
    paths: str
    """A regular expression for the files that are its own text."""
    most: int = 10_000
    """Of that many files, spread evenly."""

    @property
    def folder(self) -> str:
        """The name of its local copy."""
        return self.repository.replace("/", "+")


def sites() -> list[Site]:
    """Return all sites of the bench, whether or not they are here."""
    return [Site(**entry) for entry in tomllib.loads((HERE / "sites.toml").read_text("utf-8"))["site"]]


@cache
def pages(site: Site) -> list[Page]:
    """Return the pages of a site, read from its copy if they were not before; none if there is no copy."""
    kept = DATA / "prose" / f"{site.folder}.jsonl"
    if not kept.is_file():
        repository = DATA / "sites" / site.folder
        if not repository.exists():
            return []
        kept.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(asdict(page), ensure_ascii=False) for page in _read(site, repository)]
        kept.write_text("\n".join(lines), encoding="utf-8")
    return [Page(**json.loads(line)) for line in kept.read_text(encoding="utf-8").split("\n") if line]


def kind_of_page(page: Page) -> TextKind:
    """Return what kind of text a page is; of a document's page, what the whole document is."""
    document, _, number = page.path.rpartition(" page ")
    return kind_of(_whole(page.site, document) if number and page.kind == "newsletter" else page.text, page.title)


@cache
def _whole(repository: str, document: str) -> str:
    site = next(site for site in sites() if site.repository == repository)
    return "\n".join(page.text for page in pages(site) if page.path.startswith(f"{document} page "))


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", f"--git-dir={repository}", *arguments], check=True, capture_output=True).stdout


def _read(site: Site, repository: Path) -> Iterator[Page]:
    names = _git(repository, "-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "HEAD").decode()
    wanted = [name for name in names.split("\0") if re.search(site.paths, name, re.IGNORECASE)]
    for name in wanted[:: max(1, -(-len(wanted) // site.most))]:
        try:
            content = _git(repository, "show", f"HEAD:{name}")
        except subprocess.CalledProcessError:  # the copy lacks its largest files
            continue
        if name.lower().endswith((".pdf", ".docx")):
            yield from _document(site, name, content)
        else:
            title, text = _page(name, content.decode("utf-8", "replace"))
            if len(text) > 40:
                yield Page(site.repository, name, title, "post", text)


def _document(site: Site, name: str, content: bytes) -> Iterator[Page]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        path.write_bytes(content)
        facts = examine_document(path, Spool(Path(folder)), MOST_DOCUMENT_PAGES)
    for number, text in enumerate(facts.pages, 1):
        if len(text) > 40:
            yield Page(site.repository, f"{name} page {number}", Path(name).name, "newsletter", text)


def _page(name: str, source: str) -> tuple[str, str]:
    front = _FRONT.match(source)
    said = _TITLE.search(front.group(1)) if front else None
    title = said.group(1) if said else ""
    source = _CODE.sub(" ", source[front.end() :] if front else source)
    if re.search(r"\.(?:mdx?|rb|yml|erb)$", name):
        return title or Path(name).stem, _markdown(source)
    tree = selectolax.lexbor.LexborHTMLParser(source)
    for node in tree.css("script, style, nav, head, header"):
        node.decompose()
    blocks = [
        " ".join(node.text().split()) for node in tree.css(_BLOCKS) if not node.css_first("p, li, td, blockquote")
    ]
    return title or Path(name).stem, "\n".join(block for block in blocks if block)


def _markdown(source: str) -> str:
    """The words of Markdown as a browser would lay them out: one line a paragraph, heading or point."""
    plain = re.sub(r"<!--.*?-->", " ", source, flags=re.DOTALL)
    plain = re.sub(r"</?(?:p|br|li|ul|ol|div|h\d|tr|td|table)\b[^>]*>", "\n\n", plain, flags=re.IGNORECASE)
    plain = re.sub(r"<[^>\n]+>", " ", plain)
    plain = re.sub(r"!\[([^\]]*)\]\([^)]*\)", "", plain)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    plain = re.sub(r"(\*\*|__|\\(?=[.#*_()\[\]-]))", "", plain).replace("&nbsp;", " ").replace("&amp;", "&")
    lines: list[str] = []
    opened = False
    for line in plain.splitlines():
        words = line.strip()
        starts = re.match(r"(?:#+|[-*+]|\d+[.)]|\|)\s", words) is not None
        clean = re.sub(r"^(?:#+|[-*+>])\s+", "", words).strip("| ")
        if not clean or set(clean) <= set("-=|: "):
            opened = False
        elif opened and not starts:
            lines[-1] += f" {clean}"
        else:
            lines.append(clean)
            opened = not words.startswith("#")
    return "\n".join(lines)


def main() -> None:
    for site in sites():
        found = pages(site)
        documents = sum(page.kind == "newsletter" for page in found)
        print(
            f"{site.split:<10}{site.country:<15}{site.repository:<75}"
            f"{len(found) - documents:>6} pages {documents:>5} document pages "
            f"{sum(len(page.text) for page in found):>9,} characters"
        )


if __name__ == "__main__":
    main()
