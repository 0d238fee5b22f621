"""Exports of pupil records systems, forms and lists, read and joined with the register."""
