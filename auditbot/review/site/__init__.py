"""The site itself: its settings, its routes and who may take them, how it is served."""
