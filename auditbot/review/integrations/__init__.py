"""What other programs of the school are told: a reading interface, a signed message, and its own sign-in."""
