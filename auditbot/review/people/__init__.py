"""Who may sign in, with which role; nothing about pupils is ever stored here."""
