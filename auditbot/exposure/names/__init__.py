"""Names beside photos: read from the words around them, and masked in whatever leaves."""
