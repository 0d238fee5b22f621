"""The commands, one file each: its grammar (``add``) and what it runs (``run``); no logic."""
