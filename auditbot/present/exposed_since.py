"""How exposed each account's photos are, beside an earlier night: what report and page say of it, in counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from auditbot.model.counted import ExposureCounts
from auditbot.sentences import _

A_MONTH = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class ExposureSince:
    """One account tonight, and the night it is compared with."""

    now: ExposureCounts
    """The newest counts."""
    before: ExposureCounts | None
    """Those of a night a month ago or, as long as there is none, of the first; None if this is the first."""

    @property
    def change(self) -> str:
        """How many close and clear faces more or fewer, in words; empty if there is nothing to compare with."""
        if self.before is None:
            return ""
        day = self.before.at.date()
        more = self.now.clear - self.before.clear
        if not more:
            return _("as many as on %(day)s", day=day)
        if more > 0:
            return _("%(count)s more than on %(day)s", count=more, day=day)
        return _("%(count)s fewer than on %(day)s", count=-more, day=day)


def exposure_since(nights: Iterable[ExposureCounts]) -> tuple[ExposureSince, ...]:
    """Return the accounts of the newest night by name, each beside an earlier one; ``nights`` are oldest first."""
    of: dict[str, list[ExposureCounts]] = {}
    for one in nights:
        of.setdefault(one.account, []).append(one)
    newest = max((some[-1].at for some in of.values()), default=None)
    return tuple(
        ExposureSince(some[-1], _before(some)) for _, some in sorted(of.items()) if newest and some[-1].at == newest
    )


def _before(nights: Sequence[ExposureCounts]) -> ExposureCounts | None:
    now = nights[-1]
    earlier = [one for one in nights[:-1] if one.at.date() < now.at.date()]
    a_month_ago = [one for one in earlier if now.at - one.at >= A_MONTH]
    return a_month_ago[-1] if a_month_ago else earlier[0] if earlier else None


def by_month(nights: Iterable[ExposureCounts]) -> tuple[tuple[int, int, ExposureCounts], ...]:
    """Return for each year and month the sums over all accounts of its last night, oldest first."""
    last: dict[tuple[int, int], dict[str, ExposureCounts]] = {}
    for one in nights:
        last.setdefault((one.at.year, one.at.month), {})[one.account] = one
    return tuple((year, month, summed(some.values())) for (year, month), some in sorted(last.items()))


def summed(some: Iterable[ExposureCounts]) -> ExposureCounts:
    """Return the counts of several accounts together, under no name; half of the exposure is not told of them."""
    some = list(some)
    numbers = {
        name: sum(getattr(one, name) for one in some)
        for name in ExposureCounts.__dataclass_fields__
        if name not in ("account", "at", "half")
    }
    return ExposureCounts(account="", at=max(one.at for one in some), half=0, **numbers)
