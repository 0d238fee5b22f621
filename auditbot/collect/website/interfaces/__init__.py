"""The interfaces by which builders give their posts to programs."""
