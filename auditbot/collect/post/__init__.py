"""Reading one post: its links, photos, films and embeds."""
