"""The check stage: findings from facts, registers and policy, and what could not be checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from auditbot.check.c12_surnames import surname_engine
from auditbot.check.clauses import as_the_policy_says, checks
from auditbot.check.films import once_per_film
from auditbot.check.meaning.passages import LONGEST
from auditbot.check.read_before.parts import parts_of_post
from auditbot.check.records.account_records import check_accounts
from auditbot.check.records.school_papers import (
    check_concerns,
    check_documents,
    check_event_photos,
    check_risk_assessments,
)
from auditbot.check.removal import ended_findings, file_of, proved
from auditbot.check.texts import Ours, address_within, ours_of
from auditbot.check.whole_site import OncePerSite, adults_of_site, parts_of_adults
from auditbot.model import Finding, NotChecked, PhotoFacts, Post, PostFacts
from auditbot.registers.changes.accepted import lines_since
from auditbot.run import Run, stage
from auditbot.sentences import NOTHING, Sentence, _, say
from auditbot.store.audits import Missing


def check(run: Run, waiting: frozenset[str], versions: Mapping[str, str], left_out: Sequence[NotChecked] = ()) -> None:
    """Derive all findings again from what is known, and record them with their life over the audits.

    ``waiting`` are the hashes of photos that were examined with an earlier gallery or not at all; ``left_out`` is what
    the stages before could not do.
    """
    audits = run.store.audits
    posts = {
        (post.account, post.url): post for post in run.store.published.posts() if post.account in run.declared.accounts
    }
    ours = _ours(run, posts.values())
    rules = checks(run.declared, ours)
    once = OncePerSite()
    findings: list[Finding] = []
    not_checked = [*_not_checked_at_all(run), *left_out]
    clear: set[tuple[str, str]] = set()
    reached = _reached(run)
    with stage(run.progress, _("Posts checked"), len(posts)) as one_more:
        for place, facts in zip(posts, run.store.examined.facts_of(posts.values()), strict=True):
            asked_for = as_the_policy_says((finding for rule in rules for finding in rule(facts)), run.declared)
            derived = once_per_film(facts, list(asked_for))
            not_seen = [*_not_examined(facts, waiting), *_not_read(facts)]
            findings += once.but_told(derived)
            not_checked += not_seen
            if not derived and not not_seen and place in reached:
                clear.add(place)
            one_more()
    findings = once.counted(findings)
    run.store.read_texts.drop_others()
    records = record_findings(run, list(posts.values()))
    findings += as_the_policy_says(records, run.declared)
    not_checked = list(dict.fromkeys(not_checked))
    everything_left_out = [*not_checked, *audits.notes_of_visits(run.audit)]
    gone = run.store.published.gone_proofs()
    known = audits.open_findings()
    posts_of = {finding.id: (finding.account, finding.post_url) for finding in known}
    derived_now = {finding.id for finding in findings}
    shown = _shown_by(run, posts, (finding for finding in known if finding.id not in derived_now))
    no_longer_shown = ended_findings(known, findings, shown, everything_left_out, gone)
    ended, missing = _proved(run, no_longer_shown, posts_of)
    audits.save_check(
        run.audit,
        run.now(),
        findings=findings,
        not_checked=not_checked,
        ended=ended,
        versions=versions,
        posts_without_finding=len(clear - {posts_of[name] for name in missing}),
        files={found.id: file_of(found, posts.get((found.account, found.post_url))) for found in findings},
        missing=missing,
    )


def _ours(run: Run, posts: Collection[Post]) -> Ours:
    """Return what is the school's own, with the adults whom pages of adults name."""
    ours = ours_of(run.settings.school, run.declared.accounts, posts, run.store.read_texts)
    of_adults = run.store.examined.facts_of(post for post in posts if parts_of_adults(post))
    adults = adults_of_site(surname_engine(run.declared, ours), of_adults, run.store.read_texts)
    return replace(ours, adults=adults)


def _shown_by(
    run: Run, posts: Mapping[tuple[str, str], Post], findings: Iterable[Finding]
) -> dict[tuple[str, str], PostFacts]:
    """Return by account and permalink the posts of these findings that are still there."""
    places = dict.fromkeys((finding.account, finding.post_url) for finding in findings)
    still_there = run.store.examined.facts_of(posts[place] for place in places if place in posts)
    return {(facts.post.account, facts.post.url): facts for facts in still_there}


def _proved(
    run: Run, no_longer_shown: Mapping[str, str], posts_of: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, str], dict[str, Missing]]:
    """Return what has ended, and what the page no longer shows but is not proved to be removed yet."""
    published, audits = run.store.published, run.store.audits
    before, answers = audits.missing(), published.answers()
    ended: dict[str, str] = {}
    missing: dict[str, Missing] = {}
    for name, proof in no_longer_shown.items():
        looked_at = published.last_looked_at(*posts_of[name])
        known = before[name]
        result = proved(known, proof, run.audit, looked_at, answers.get(known.file_url)) if proof else ""
        if isinstance(result, Missing):
            missing[name] = result
        else:
            ended[name] = result
    return ended, missing


def record_findings(run: Run, posts: Sequence[Post]) -> Iterator[Finding]:
    """Yield what the school's own registers lack, account by account, and the concerns entered by hand."""
    declared = run.declared
    yield from check_accounts(declared, run.settings.school.domains, posts, run.store.published.links())
    yield from check_risk_assessments(declared)
    yield from check_documents(declared)
    yield from check_event_photos(declared, posts)
    yield from check_concerns(declared)


def _not_checked_at_all(run: Run) -> list[NotChecked]:
    """Return what the registers and settings leave unchecked everywhere."""
    left_out = [NotChecked("", "", "register", note) for note in run.declared.notes]
    changed = lines_since(run.workspace.consent, run.store.audits.last_started())
    left_out += [NotChecked("", "", "register", line, aside=True) for line in changed]
    if not run.declared.pupils:
        left_out.append(NotChecked("", "", "register", NO_PUPILS))
    if not run.settings.faces.matching_allowed:
        left_out.append(NotChecked("", "", "faces", MATCHING_OFF))
    if not run.settings.examine.read_words:
        left_out.append(NotChecked("", "", "words", READING_OFF))
    return left_out


def _reached(run: Run) -> set[tuple[str, str]]:
    """Return by account and permalink the posts that the last visit to their account reached."""
    began = run.store.audits.visits(run.audit)
    reached = run.store.published.last_reached()
    return {place for place, at in reached.items() if place[0] in began and at >= began[place[0]]}


READING_OFF = say("Words in photos were not read: config/auditbot.toml says read_words = false under [examine].")
NO_PUPILS = say("consent/pupils.csv holds no pupil, so no permission and no surname could be checked.")
MATCHING_OFF = say(
    "Faces were counted but not matched: config/auditbot.toml records no data protection impact assessment "
    "under [faces]."
)


def _not_examined(facts: PostFacts, waiting: frozenset[str]) -> Iterator[NotChecked]:
    post = facts.post
    uses = [(use.url, use.sha256) for use in post.photos]
    for use in post.documents:
        document = facts.documents.get(use.sha256 or "")
        if document is None:
            if use.sha256:
                yield NotChecked(post.account, use.url, use.kind, say("It has not been examined yet."))
            continue
        if document.not_examined:
            yield NotChecked(post.account, use.url, use.kind, document.not_examined)
        uses += [(address_within(use, picture), picture.sha256) for picture in document.pictures]
    for url, sha256 in uses:
        if sha256 and (reason := _why_not(facts.photos.get(sha256), sha256 in waiting)):
            yield NotChecked(post.account, url, "photo", reason)


def _not_read(facts: PostFacts) -> Iterator[NotChecked]:
    """Say of very long texts that their end was read for names and personal data only."""
    for published in (text for part in parts_of_post(facts) for text in part.texts):
        if len(published.text) > LONGEST:
            so_many = f"{LONGEST:,}"
            reason = say(
                "It is so long that only its first %(count)s characters were read for the “please read” clauses.",
                count=so_many,
            )
            yield NotChecked(facts.post.account, facts.post.url, "words", reason)


def _why_not(photo: PhotoFacts | None, waiting: bool) -> Sentence:
    if photo is None:
        return say("It has not been examined yet; the next full audit fetches it.")
    if photo.not_examined:
        return photo.not_examined
    if waiting:
        return say("It was examined with an earlier gallery; the next full audit fetches it and looks again.")
    return NOTHING
