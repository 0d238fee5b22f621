"""Rights of a person: withdrawal, forgetting, access to what is held, and who has read it."""
