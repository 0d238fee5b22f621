"""What people decided about findings: events that are only ever added to, and what follows from them today.

``data/decisions.db`` is a file of its own, because it cannot be collected again as ``auditbot.db`` can. It is written
by the page and by commands, never under the audit's lock, and read by the report.
"""
