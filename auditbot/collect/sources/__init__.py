"""Kinds of account: one module each, all yielding the same events."""
