"""Faces: found, compared with the gallery, answered; and how a gallery is made."""
