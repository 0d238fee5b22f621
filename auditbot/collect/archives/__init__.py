"""A platform's own download of what an account published, read member by member: nothing is unpacked by its name."""
