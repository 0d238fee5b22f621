"""Find surnames of pupils in published text, and say which pupils they may mean and why."""

from auditbot.check.surnames.engine import SurnameEngine
from auditbot.check.surnames.roster import PupilName, StaffName, SurnameHit

__all__ = ["PupilName", "StaffName", "SurnameEngine", "SurnameHit"]
