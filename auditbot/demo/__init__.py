"""The embedded demo school: its site, registers and photos, all fictional."""
