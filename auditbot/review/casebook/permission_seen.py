"""Permission that the lead has seen on paper: it goes into the register, as ``auditbot consent set`` would write it."""

from __future__ import annotations

from auditbot.check.permission import channels
from auditbot.decisions.decide import Refused
from auditbot.errors import NotDecided
from auditbot.model import PhotoEvidence
from auditbot.registers.changes.accepted import register_lock
from auditbot.registers.changes.entry_refused import NoLongerOnRecord
from auditbot.registers.changes.record_answer import Answered, record_answer
from auditbot.registers.declared import read_declared
from auditbot.review.casebook.cases import Case
from auditbot.review.casebook.served_workspace import served_workspace
from auditbot.sentences import say

GIVERS = {
    "Mother": say("the mother"),
    "Father": say("the father"),
    "Both parents": say("both parents"),
    "Carer": say("another person with parental responsibility"),
}
"""Who may have signed, as the register writes it, and in words."""


def permission_seen(case: Case, by: str, actor: str) -> Case:
    """Record that one parent's yes was seen on paper, for what the post needs, and return the case as it stands then.

    Raises NotDecided if that cannot be said of this case, ConsentNotRecorded if it cannot stand beside what is on
    record.
    """
    here = served_workspace()
    facts, finding = case.facts[0], case.first.finding
    if by not in GIVERS:
        raise NotDecided(Refused.WHO_MISSING)
    if facts.protected:
        raise NotDecided(Refused.NEVER_BY_A_FORM)
    if len(facts.pupil_ids) != 1 or not isinstance(finding.evidence, PhotoEvidence):
        raise NotDecided(Refused.NOT_A_FACE)
    post = here.view().posts.get((finding.account, finding.post_url))
    now, pupil_id = here.now(), facts.pupil_ids[0]
    with register_lock(here.workspace.consent):
        declared = read_declared(here.workspace, now.date())
        if post is None or pupil_id not in declared.pupils or post.account not in declared.accounts:
            raise NoLongerOnRecord
        given = Answered(pupil_id, by, f"form on paper, seen by {actor}", now.date(), now)
        for channel in channels(post, declared, "#t=" in finding.evidence.photo_url):
            record_answer(here.workspace, given, channel, "yes", declared.history)
    here.forget()
    return here.view().by_finding[case.id]
