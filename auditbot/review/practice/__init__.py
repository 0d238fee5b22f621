"""A made-up school to practise with: nothing in it is real, and nothing of it is kept."""
