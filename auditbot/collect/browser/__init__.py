"""The browser that visits pages, and the scripts it runs in them."""
