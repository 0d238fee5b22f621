"""What the school keeps beside the findings: one child's permission, concerns, and the first steps."""
