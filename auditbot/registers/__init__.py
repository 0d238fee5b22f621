"""What the school declares: pupils and consent, staff, accounts and policy clauses."""
