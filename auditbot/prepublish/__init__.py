"""Checks before something is published: a photo, a text."""
