"""Finding all posts of a website: lists, feeds, sitemaps, interfaces."""
