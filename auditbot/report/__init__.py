"""What the safeguarding lead reads: HTML, PDF, CSV, JSON and evidence pictures."""
