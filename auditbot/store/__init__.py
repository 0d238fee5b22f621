"""The one SQLite file between the stages: what was published, what is in it, and the findings over time."""

from auditbot.store.store import Store, StoreError

__all__ = ["Store", "StoreError"]
