"""Hosts that count visitors or sell advertisements: nothing is asked of them, and their pictures are no photos."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOSTS = re.compile(
    r"(^|\.)(google-analytics\.com|googletagmanager\.com|analytics\.google\.com|doubleclick\.net|googlesyndication\.com|"
    r"googleadservices\.com|google\.com|connect\.facebook\.net|facebook\.com|hotjar\.com|clarity\.ms|bat\.bing\.com|"
    r"stats\.wp\.com|pixel\.wp\.com|matomo\.cloud|plausible\.io|quantserve\.com|scorecardresearch\.com|addthis\.com|"
    r"sharethis\.com|addtoany\.com|newrelic\.com|nr-data\.net|segment\.io|segment\.com|mixpanel\.com|amazon-adsystem\.com|"
    r"adservice\.google\.[a-z.]+|linkedin\.com|licdn\.com|ads-twitter\.com|analytics\.twitter\.com|t\.co|"
    r"cloudflareinsights\.com|gstatic\.com|fontawesome\.com|fonts\.googleapis\.com|typekit\.net|gravatar\.com)$",
    re.IGNORECASE,
)
_PATHS = re.compile(
    r"/(pixel|beacon|track(er|ing)?|collect|counter|analytics|hit)(\.(gif|png|php|aspx?))?$", re.IGNORECASE
)


def is_tracker(url: str) -> bool:
    """True if the address counts visitors, shows advertisements or holds fonts and avatars."""
    parts = urlsplit(url)
    return bool(_HOSTS.search(parts.hostname or "") or _PATHS.search(parts.path))
