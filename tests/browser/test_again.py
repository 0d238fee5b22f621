"""A crawl cut at any moment goes on where it was, and the next one asks a site only for what has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditbot.collect.stage import collect
from auditbot.model import Coverage, NotChecked, Post
from auditbot.registers.accounts import Account
from auditbot.run import Run, local_now
from auditbot.settings import Collect, School, Settings, Workspace
from auditbot.store import Store
from tests.browser.little_server import Answer, Asked, LittleServer
from tests.browser.small_site import article, listing, photo

POSTS = 40
ONLY_HERE = "/only-linked-from-post-3"


class Silent:
    """Shows no progress."""

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, stage: str) -> None: ...

    def finish(self, stage: str) -> None: ...


class Night:
    """What one audit of the little site found."""

    def __init__(self, store: Store, audit: str) -> None:
        self.audit = audit
        self.coverage: Coverage = store.audits.coverage_of(audit)["website"][0]
        self.posts: list[Post] = list(store.published.posts("website"))
        self.coverages = {name: found[0] for name, found in store.audits.coverage_of(audit).items()}
        self.not_checked: list[NotChecked] = store.audits.notes_of_visits(audit)

    def comments(self, path: str) -> list[str]:
        """The comments under one post."""
        return [comment.text for post in self.posts if post.url.endswith(path) for comment in post.comments]


class School_:
    """One workspace whose only account is the little site, unless there are more."""

    def __init__(self, folder: Path, site: LittleServer, **more: LittleServer) -> None:
        self.workspace = Workspace(folder)
        self.database = folder / "data" / "auditbot.db"
        options = Collect(
            delay_seconds=0.0,
            page_timeout_seconds=4.0,
            allow_loopback=tuple(each.address for each in (site, *more.values())),
        )
        self._settings = Settings(school=School(name="Larkmere"), collect=options)
        accounts = {name: Account(name, f"{each.url}/") for name, each in {"website": site, **more}.items()}
        self._declared = SimpleNamespace(accounts=accounts)

    def audit(self) -> Night:
        """Collect once; an audit that was cut short goes on."""
        with Store(self.database) as store:
            audit = store.audits.begin(local_now(self._settings), "all")
            run = Run(self.workspace, self._settings, self._declared, store, audit, Silent())  # type: ignore[arg-type]
            collect(run, list(self._declared.accounts.values()), None, frozenset(), {})
            store.audits.end(audit, run.now())
            return Night(store, audit)


@pytest.fixture
def school(tmp_path: Path, site: LittleServer) -> School_:
    return School_(tmp_path / "school", site)


class Cut(BaseException):
    """Ends the program in the middle of a crawl, as a signal does."""


def cut_after(monkeypatch: pytest.MonkeyPatch, posts: int) -> None:
    """Let the program end once this many posts were stored, before the next one is."""
    save_post, left = "auditbot.store.published_rows.Published.save_post", iter(range(posts))
    real = Store.__init__.__globals__["Published"].save_post

    def save(self: object, post: Post, at: datetime) -> None:
        if next(left, None) is None:
            raise Cut
        real(self, post, at)

    monkeypatch.setattr(save_post, save)


def fill(site: LittleServer) -> None:
    """Forty posts with a photo each over five lists; one page that one post alone links to; one photo that is gone."""
    names = [f"/post-{number}" for number in range(POSTS)]
    for page in range(5):
        older = f"<a rel='next' href='/page/{page + 1}'>Older posts</a>" if page < 4 else ""
        site.routes[f"/page/{page}"] = listing(*names[page * 8 : page * 8 + 8], after=older)
    site.routes["/"] = site.routes["/page/0"]
    for name in names:
        more = f"<a href='{ONLY_HERE}'>More</a>" if name == "/post-3" else ""
        missing = "<img src='/missing.jpg' width='300' height='200'>" if name == "/post-1" else ""
        picture = f"<img src='{name}.jpg' width='320' height='240'>"
        site.routes[name] = article(f"About {name}", f"<p>Text of {name}.</p>{picture}{missing}{more}")
        site.routes[f"{name}.jpg"] = Answer(photo(name), "image/jpeg")
    site.routes[ONLY_HERE] = article("Only here", "<p>Nothing else leads to this page.</p>")


def test_a_crawl_cut_half_way_goes_on_where_it_was(
    site: LittleServer, school: School_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site)
    whole = School_(tmp_path / "undisturbed", site).audit()
    assert len(whole.posts) >= POSTS
    uncut = Counter(site.paths())
    site.asked.clear()
    for posts in (12, 9):
        with monkeypatch.context() as patch, pytest.raises(Cut):
            cut_after(patch, posts if posts == 12 else 12 + posts)
            school.audit()
    before = {path for path, count in Counter(site.paths()).items() if path in site.routes}
    assert sum(path.startswith("/post-") and not path.endswith(".jpg") for path in before) >= 20
    so_far = len(site.asked)
    night = school.audit()
    assert not before & set(site.paths()[so_far:])
    assert {path for path, count in Counter(site.paths()).items() if path in site.routes and count > 1} <= {
        path for path, count in uncut.items() if count > 1
    }
    assert night.posts == whole.posts
    assert night.coverage == whole.coverage
    assert night.not_checked == whole.not_checked
    assert any("missing.jpg" in note.url for note in night.not_checked)
    assert any(post.url.endswith(ONLY_HERE) for post in night.posts)


def test_an_account_seen_in_part_is_not_begun_anew_after_a_later_cut(
    site: LittleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut within the first account, which ends in part, then within the second."""
    second = LittleServer()
    for each in (site, second):
        each.routes["/"] = listing("/a", "/b", "/c", "/secret")
        each.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /secret", "text/plain")
        for name in ("/a", "/b", "/c"):
            each.routes[name] = article(name, f"<p>Text of {name}.</p><img src='{name}.jpg' width='300' height='200'>")
            each.routes[f"{name}.jpg"] = Answer(photo(name), "image/jpeg")
    whole = School_(tmp_path / "undisturbed", site, second=second).audit()
    assert {name: found.status for name, found in whole.coverages.items()} == {
        "website": "partial",
        "second": "partial",
    }

    def answered() -> dict[str, Counter[str]]:
        return {each.url: Counter(path for path in each.paths() if path in each.routes) for each in (site, second)}

    undisturbed = answered()
    for each in (site, second):
        each.asked.clear()
    school = School_(tmp_path / "cut", site, second=second)
    for posts in (1, 4):
        with monkeypatch.context() as patch, pytest.raises(Cut):
            cut_after(patch, posts)
            school.audit()
    assert "/b" in second.paths(), "the second cut came within the second account"
    night = school.audit()
    assert answered() == undisturbed
    assert (night.posts, night.coverages) == (whole.posts, whole.coverages)
    assert sorted(map(str, night.not_checked)) == sorted(map(str, whole.not_checked))
    second.close()


def test_when_a_post_was_read_is_told_after_a_cut_too(
    site: LittleServer, school: School_, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/"] = listing("/a", "/b", "/c")
    site.routes |= {name: article(name, f"<p>Text of {name}.</p>") for name in ("/a", "/b", "/c")}
    with monkeypatch.context() as patch, pytest.raises(Cut):
        cut_after(patch, 1)
        school.audit()
    with Store(school.database) as store:
        (post,) = store.published.posts()
        read_at = store.published.last_looked_at("website", post.url)
    later = datetime(2099, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("auditbot.collect.stage.RESUME_WITHIN", later - datetime(2000, 1, 1, tzinfo=UTC))
    monkeypatch.setattr("auditbot.run.local_now", lambda _: later)
    night = school.audit()
    with Store(school.database) as store:
        looked = {item.url: store.published.last_looked_at("website", item.url) for item in night.posts}
        began = store.audits.visits(night.audit)["website"]
    assert looked[post.url] == read_at
    assert later in looked.values()
    assert all(began <= at for at in looked.values() if at), "what was read before the cut was reached by this audit"


def test_an_audit_that_was_not_cut_asks_for_every_page(site: LittleServer, school: School_) -> None:
    site.routes |= {"/": listing("/a"), "/a": article("A", "<p>A.</p>")}
    school.audit()
    site.asked.clear()
    school.audit()
    assert {"/", "/a"} <= set(site.paths())


def answering_304(answered: dict[str, int], content: Callable[[], Answer], by: str) -> Callable[[Asked], Answer]:
    """Answer as a server does that knows validators, and note the status given last to each path."""

    def answer(asked: Asked) -> Answer:
        page = content()
        body = page.body.encode() if isinstance(page.body, str) else page.body
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        changed = datetime(2026, 1, 1 + body[-1] % 7, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        header, sent, held = {
            "etag": ("ETag", "if-none-match", tag),
            "date": ("Last-Modified", "if-modified-since", changed),
        }[by]
        same = asked.headers.get(sent) == held
        answered[asked.path] = 304 if same else 200
        if same:
            return Answer(status=304, headers={header: held})
        return replace(page, headers={**page.headers, header: held})

    return answer


@pytest.fixture
def answered() -> Iterator[dict[str, int]]:
    yield {}


SCRIPTED = (
    "<section id='comments' class='comments'></section><script>fetch('/comments.json').then(r => r.json())"
    ".then(all => { document.querySelector('#comments').innerHTML = all.map(text => `<article class='comment'>"
    "<cite class='comment-author'>A parent</cite><div class='comment-content'><p>${text}</p></div></article>`).join('')"
    "})</script>"
)


@pytest.mark.parametrize("by", ["etag", "date"])
def test_unchanged_pages_and_lists_are_asked_for_conditionally(
    by: str, site: LittleServer, school: School_, answered: dict[str, int]
) -> None:
    feed = "<rss version='2.0'><channel><title>News</title>{}</channel></rss>".format(
        "".join(f"<item><title>{name}</title><link>{site.url}/{name}</link></item>" for name in "ab")
    )
    sitemap = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<url><loc>{site.url}/a</loc></url><url><loc>{site.url}/quiet</loc></url></urlset>"
    )
    start = listing("/a", "/b").replace(
        "<head>", "<head><link rel='alternate' type='application/rss+xml' href='/feed'>"
    )
    pages: dict[str, Answer] = {
        "/": Answer(start),
        "/a": Answer(article("A", "<p>Text of A.</p>" + SCRIPTED)),
        "/b": Answer(article("B", "<p>Text of B as it was.</p>")),
        "/quiet": Answer(article("Quiet", "<p>Only in the sitemap.</p>")),
        "/feed": Answer(feed, "application/rss+xml"),
        "/sitemap.xml": Answer(sitemap, "application/xml"),
        "/robots.txt": Answer(f"User-agent: *\nSitemap: {site.url}/sitemap.xml\n", "text/plain"),
    }
    for path in pages:
        site.routes[path] = answering_304(answered, lambda path=path: pages[path], by)  # type: ignore[misc]
    site.routes["/comments.json"] = Answer('["Lovely!"]', "application/json")

    first = school.audit()
    assert answered == dict.fromkeys(pages, 200)
    assert first.comments("/a") == ["Lovely!"]

    pages["/b"] = Answer(article("B", "<p>Text of B as it is now.</p>") + " " * (by == "date"))
    site.routes["/comments.json"] = Answer('["Lovely!", "And a second one."]', "application/json")
    site.asked.clear()
    second = school.audit()
    assert answered == {path: 200 if path == "/b" else 304 for path in pages}
    assert {path: count for path, count in Counter(site.paths()).items() if path in pages} == dict.fromkeys(pages, 1)
    assert second.comments("/a") == ["Lovely!", "And a second one."]
    assert [post.url for post in second.posts] == [post.url for post in first.posts]
    assert [post.text for post in second.posts if post.url.endswith("/b")] == ["Text of B as it is now."]
    assert second.coverage == first.coverage

    third = school.audit()
    assert set(answered.values()) == {304}
    assert [replace(post, comments=()) for post in third.posts] == [replace(post, comments=()) for post in second.posts]


def test_a_page_that_is_gone_or_moved_since_is_seen_so(
    site: LittleServer, school: School_, answered: dict[str, int]
) -> None:
    names = ["/gone", "/moved", "/led-away", "/broken", "/stays"]
    pages = {name: Answer(article(name, f"<p>Text of {name}.</p>")) for name in names}
    site.routes["/"] = listing(*names)
    for name in names:
        site.routes[name] = answering_304(answered, lambda name=name: pages[name], "etag")  # type: ignore[misc]
    assert {post.url.removeprefix(site.url) for post in school.audit().posts} >= set(names)
    site.routes |= {
        "/gone": Answer("<h1>Not here</h1>", status=404),
        "/moved": Answer(status=301, headers={"Location": "/elsewhere"}),
        "/broken": Answer("Oops", status=500),
        "/elsewhere": article("/moved", "<p>Text of /moved.</p>"),
        "/led-away": Answer(status=302, headers={"Location": "/consent"}),
        "/consent": article("Your privacy", "<p>Accept cookies to go on.</p>"),
    }
    second = school.audit()
    left = {post.url.removeprefix(site.url) for post in second.posts}
    assert {"/stays", "/elsewhere", "/led-away", "/broken"} <= left
    assert not {"/gone", "/moved"} & left
    assert {"/led-away", "/broken"} <= {note.url.removeprefix(site.url) for note in second.not_checked}


PRIVATE: dict[str, dict[str, str]] = {
    "sets a cookie": {"ETag": '"1"', "Set-Cookie": "visitor=1"},
    "not to be stored": {"ETag": '"1"', "Cache-Control": "no-store"},
    "differs by cookie": {"ETag": '"1"', "Vary": "Accept-Encoding, Cookie"},
    "without a validator": {},
}


@pytest.mark.parametrize("kind", PRIVATE)
def test_what_may_differ_from_visit_to_visit_is_asked_for_in_full(
    kind: str, site: LittleServer, school: School_
) -> None:
    site.routes |= {"/": listing("/a"), "/a": Answer(article("A", "<p>A.</p>"), headers=PRIVATE[kind])}
    school.audit()
    school.audit()
    asked = [item for item in site.asked if item.path == "/a"]
    assert len(asked) == 2
    assert not [item for item in asked if {"if-none-match", "if-modified-since"} & set(item.headers)]


def test_what_a_site_answered_is_dropped_with_its_page_and_its_account_and_when_somebody_is_forgotten(
    site: LittleServer, school: School_
) -> None:
    def tagged(name: str) -> Answer:
        return Answer(article(name, f"<p>Text of {name}.</p>"), headers={"ETag": f'"{name}"'})

    def kept(name: str) -> bool:
        with Store(school.database) as store:
            return bool(store.answers.of("", "website", lambda: datetime.now(UTC)).last("page", f"{site.url}/{name}"))

    site.routes |= {"/": listing("/a", "/b"), "/a": tagged("a"), "/b": tagged("b")}
    school.audit()
    assert kept("a")
    assert kept("b")
    site.routes |= {"/": listing("/a"), "/b": Answer("<h1>Gone</h1>", status=404)}
    with Store(school.database) as store:
        store._connection.execute("UPDATE answers SET at = '2000-01-01T00:00:00+00:00'")
    school.audit()
    assert kept("a")
    assert not kept("b")
    with Store(school.database) as store:
        store.forgetting.forget_entirely("P001", lambda text: False, [], "asked", datetime.now(UTC))
    assert not kept("a")
    school.audit()
    assert kept("a")
    with Store(school.database) as store:
        store.answers.drop_others(["another"], datetime.now(UTC), datetime.now(UTC) - datetime(2026, 1, 1, tzinfo=UTC))
    assert not kept("a")


def test_a_page_that_stalls_the_second_time_costs_no_other(site: LittleServer, school: School_) -> None:
    names = ["/a", "/stalls", "/b"]

    def stall(asked: Asked) -> None:
        site.stopping.wait(30)

    site.routes |= {name: Answer(article(name, f"<p>{name}</p>"), headers={"ETag": f'"{name}"'}) for name in names}
    site.routes["/"] = listing(*names)
    school.audit()
    site.routes |= {"/stalls": stall, "/b": article("/b", "<p>New words.</p>")}
    second = school.audit()
    assert [note.url for note in second.not_checked] == [f"{site.url}/stalls"]
    assert second.coverage.status == "partial"
    assert "New words." in {post.text for post in second.posts}


SAYS = "<p>2 days ago</p>"
COUNTS = "<p id='at'></p><script>at.textContent = '2 days' + ' ago'</script>"


@pytest.mark.parametrize("how", ["by the page", "by a script"])
def test_two_days_ago_is_counted_from_when_an_unchanged_page_was_sent(
    site: LittleServer, school: School_, answered: dict[str, int], how: str
) -> None:
    sent = datetime.now(UTC) - timedelta(days=40)
    said = SAYS if how == "by the page" else COUNTS
    page = Answer(
        f"<html><head><title>Owls</title></head><body><main><article><h1>Owls</h1>{said}<p>Maya found an owl by the "
        "pond.</p></article></main></body></html>"
    )
    known = answering_304(answered, lambda: page, "etag")

    def sent_then(asked: Asked) -> Answer | str | None:
        asked.handler.date_time_string = lambda timestamp=None: format_datetime(sent, usegmt=True)  # type: ignore[method-assign]
        return known(asked)

    site.routes |= {
        "/": "<main><p>Welcome to our school by the mere.</p><a href='/owls'>Owls</a></main>",
        "/owls": sent_then,
    }
    for _ in range(2):
        night = school.audit()
    assert answered["/owls"] == 304
    (day,) = [post.published_at for post in night.posts if post.url.endswith("/owls")]
    counted_from = sent if how == "by the page" else datetime.now(UTC)
    assert day is not None
    assert abs((counted_from - timedelta(days=2)).date() - day.date()) <= timedelta(days=1)
