"""A school’s own export from its pupil records system, read strictly and joined with the register."""
