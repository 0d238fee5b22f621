"""The "please read" clauses: words that somebody should look at, quoted and never judged."""

from auditbot.check.please_read.rules import PleaseRead, PleaseReadRules

__all__ = ["PleaseRead", "PleaseReadRules"]
