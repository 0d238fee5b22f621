"""Whether contact details are a private person's, from the words around them: schools publish many that are not."""

from __future__ import annotations

import re
from dataclasses import replace

from auditbot.check.personal_data.values import PersonalData

CERTAIN = 0.9
"""Score from which a finding stands by itself."""
_BEFORE, _AFTER = 90, 50
_NEXT = re.compile(r"[.!?…]\s+|\n")
_ORGANISATION = re.compile(
    r"\b(?:halls?|church|chapel|cathedral|mosque|temple|synagogue|school|academy|college|university|nursery|"
    r"pre-?school|cent(?:re|er)|museum|gallery|theatre|cinema|library|farm|zoo|aquarium|castle|gardens?|park|stadium|pool|baths|"
    r"leisure|gym|club|pavilion|station|depot|airport|hotel|inn|pub|arms|cafe|café|restaurant|bakery|shop|store|"
    r"supermarket|market|garage|salon|surgery|clinic|hospital|pharmacy|dentist|council|police|constabulary|fire|nhs|"
    r"ofsted|nspcc|childline|samaritans|helpline|hotline|charity|trust|foundation|hospice|company|ltd|limited|plc|"
    r"services?|office|reception|box office|bookings?|tickets?|hire|coaches|taxis?|uniforms?|outfitters|suppliers?|"
    r"photograph(?:y|ers)|venue|headquarters|hq|scouts?|brownies|rainbows|guides|cubs|beavers|family hub|society|"
    r"advice|support line|switchboard|customer|freephone|bank)\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:we live|i live|lives? (?:at|in|on|near)|living at|moved (?:in)?to|"
    r"(?:my|our|her|his|their|\w+.s) (?:new )?(?:house|home|flat|address|place|mobile|phone|number|e-?mail)|"
    r"(?:my|our|her|his|their) (?:own|personal|private)|home (?:address|number|phone|e-?mail)|"
    r"round (?:at )?(?:ours|mine)|at (?:ours|mine)|come to (?:ours|mine)|"
    r"mum|dad|mummy|daddy|nan|nanny|gran|grandma|grandad|auntie|uncle|parents?|carers?|child.?s|pupil.?s|"
    r"emergency contact|(?:text|whatsapp) (?:me|us|her|him)|collect(?:ed)? from|drop(?:ped)? (?:off )?at)(?!\w)",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"@(?:[\w-]+\.)*(?:gov\.uk|gov\.wales|gov\.scot|police\.uk|nhs\.uk|nhs\.net|parliament\.uk|sch\.uk|ac\.uk)$",
    re.IGNORECASE,
)
_OF_A_GROUP = re.compile(
    r"^[\w.+'-]*(?:pta|ptfa|fosa?\b|friends|school|club|nursery|infants?|primary|academy|governors?|office|scouts?|brownies|"
    r"choir|football|team|info|admin|bookings?|church|hall|centre|group|fundrais\w*)",
    re.IGNORECASE,
)


def of_a_person(text: str, item: PersonalData) -> PersonalData | None:
    """Return the item with the weight that the words around it give it, or None where it is an organisation's."""
    if item.kind == "date_of_birth":
        return item
    around = _around(text, item.start, item.end)
    home = _HOME.search(around) is not None
    organisation = _ORGANISATION.search(around) is not None
    if item.kind == "email":
        return _email(text[item.start : item.end], item)
    if item.kind == "phone":
        return _phone(item, home, organisation)
    if home:
        return replace(item, score=0.95)
    return None if organisation or item.kind == "postcode" else item


def _email(address: str, item: PersonalData) -> PersonalData | None:
    if _OFFICIAL.search(address):
        return None
    return replace(item, score=0.6) if _OF_A_GROUP.match(address.split("@", maxsplit=1)[0]) else item


def _phone(item: PersonalData, home: bool, organisation: bool) -> PersonalData | None:
    mobile = item.score >= CERTAIN
    if home:
        return replace(item, score=0.95)
    if organisation:
        return replace(item, score=0.6) if mobile else None
    return item


def _around(text: str, start: int, end: int) -> str:
    """Return the words of the same sentence before and after; the details themselves, like "Church Road", count not."""
    before = text[max(0, start - _BEFORE) : start]
    after = text[end : end + _AFTER]
    return f"{_NEXT.split(before)[-1]} ¦ {_NEXT.split(after, maxsplit=1)[0]}"
