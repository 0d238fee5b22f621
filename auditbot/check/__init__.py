"""Which clause is breached: pure functions over facts, registers and policy."""
