"""Deciding: one case on one screen, its pictures, what may be answered, and what was."""
