"""Why a sentence is shown, in one calm sentence."""

from __future__ import annotations

import numpy as np

from auditbot.check.please_read.features import Vector, cues

_OPENINGS = {
    "commercial": "May be an offer or advertisement from which somebody gains privately",
    "personal_campaign": "May call for support of a campaign, vote, strike or personal sponsorship",
    "defamation_or_malicious": "May make or hint at a claim about a member of the school community",
    "complaint": "May be a complaint that could go through the school's own procedure",
    "bullying": "May hold words that could hurt or frighten somebody",
    "discrimination": "May link a protected characteristic with being treated or spoken of differently",
    "direct_contact_with_pupil": "May address a child and could lead to private contact",
    "copyright": "May be about copying or sharing work, pictures or log-ins that may belong to somebody else",
}
_MENTIONED = 2


def reason(rule: str, weights: Vector, counts: Vector) -> str:
    """Return the reason, naming up to two kinds of words seen that weighed most for the rule."""
    known = cues()
    weight = weights[: len(known.names)] * np.minimum(counts, 2)
    order = np.argsort(-weight, kind="stable")
    said = [known.says[known.names[i]] for i in order if weight[i] > 0 and known.names[i] in known.says][:_MENTIONED]
    opening = _OPENINGS[rule]
    return f"{opening} ({' and '.join(said)}). Please read." if said else f"{opening}. Please read."
