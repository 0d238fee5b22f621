"""Measurements of whole commands; no test, and nothing fails by time."""
