"""Findings as a person reads them: cards, wording, requests. The report and the review page share it."""
