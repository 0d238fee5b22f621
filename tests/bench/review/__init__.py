"""How quick the safeguarding lead's page is in a school with thousands of findings, and beside an audit that writes."""
