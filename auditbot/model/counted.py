"""What is kept of how exposed an account's photos are: counts of one night, and of the months of its posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ExposureCounts:
    """One account in one night. Counts alone: no photo, no post, nobody's name."""

    account: str
    """Name of the account."""
    at: datetime
    """When it was counted, in the school's time."""
    posts: int
    """Posts known, with photos or without."""
    with_photos: int
    """Posts that show a photo."""
    photos: int
    """Photos examined, pictures inside documents and one moment of each film among them."""
    clear: int
    """Faces that are close and clear."""
    recognisable: int
    """Faces that are recognisable."""
    hard: int
    """Faces that are hard to recognise."""
    lowest: int
    """Faces that ordinary software does not recognise."""
    named_alone: int
    """Photos of one clear face with a name beside it."""
    named_together: int
    """Photos of several clear faces with names beside them."""
    larger: int
    """Photos of which a file with a close and clear face can be fetched."""
    placed: int
    """Photos whose files tell where they were taken."""
    half: int
    """How few posts hold half of the exposure."""
    exposure: float
    """The sum of the exposure of all photos, as `auditbot.exposure.exposed` weighs it."""

    @property
    def faces(self) -> int:
        """All faces found."""
        return self.clear + self.recognisable + self.hard + self.lowest


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """The posts of one account that were published in one month, by their worst face."""

    account: str
    """Name of the account."""
    year: int
    """The year; 0 for posts without a date."""
    month: int
    """The month, 1 to 12; 0 for posts without a date."""
    grade: str
    """The worst grade among their faces, as `auditbot.exposure.grades` writes it; empty for no face."""
    posts: int
    """How many posts."""
