"""The commands, several to a file: what each takes (``declare_…``) and what it runs (``run_…``); no logic."""
