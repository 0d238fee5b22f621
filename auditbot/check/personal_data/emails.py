"""E-mail addresses of private persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditbot.check.personal_data.values import OwnContacts, PersonalData

_MAILBOX_PROVIDERS = """
aol blueyonder btinternet fastmail gmail gmx googlemail hotmail hushmail icloud live mac mail me msn ntlworld
outlook proton protonmail rocketmail sky talktalk tiscali tutanota virginmedia yahoo ymail zoho
"""
"""Well-known providers of private mailboxes, by the first part of their domain."""
_ADDRESS = re.compile(
    r"(?<![\w.+-])(?P<local>\w[\w.+'-]{0,63})"
    r"(?:@|＠|\s?[\[({]\s?at\s?[\])}]\s?|\s+at\s+(?=(?:" + "|".join(sorted(_MAILBOX_PROVIDERS.split())) + r")\s+dot\s))"
    r"(?P<domain>\w[\w-]{0,62}(?:(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?|\s+dot\s+)\w[\w-]{0,62}){1,4})",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s?[\[({]\s?dot\s?[\])}]\s?|\s+dot\s+", re.IGNORECASE)
_SHARED_MAILBOXES = """
admin admissions attendance bookings careers contact customerservice data dpo enquiries enquiry events
governors head headteacher hello help helpdesk hr info jobs mail membership news newsletter office orders
parents post press privacy pta reception recruitment safeguarding sales school schooloffice secretary senco
support team tickets volunteering webmaster
"""
"""What is written before the @ of an organisation's shared mailbox."""


def find_emails(text: str, own: OwnContacts) -> Iterator[PersonalData]:
    """Yield addresses outside the school's domains; shared mailboxes of organisations are left out."""
    own_domains = tuple(domain.lower().strip().lstrip("@.") for domain in own.domains)
    own_addresses = {address.strip().lower() for address in own.emails}
    for match in _ADDRESS.finditer(text):
        domain = _DOT.sub(".", match["domain"]).lower()
        if f"{match['local'].lower()}@{domain}" in own_addresses:
            continue
        if any(domain == mine or domain.endswith(f".{mine}") for mine in own_domains if mine):
            continue
        if domain.split(".")[0] in _MAILBOX_PROVIDERS.split():
            reason = "An address at a provider of private mailboxes."
            yield PersonalData("email", match.start(), match.end(), 0.95, reason)
        elif re.sub(r"[\W_\d]", "", match["local"]).lower() not in _SHARED_MAILBOXES.split():
            reason = "An e-mail address outside the school's own domains that may be a person's."
            yield PersonalData("email", match.start(), match.end(), 0.6, reason)
