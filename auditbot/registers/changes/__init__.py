"""Whatever changes the register of pupils comes through here: one difference, one set of stops, one log."""
