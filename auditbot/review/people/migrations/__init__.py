"""Changes to the tables of data/review.db, in order."""
