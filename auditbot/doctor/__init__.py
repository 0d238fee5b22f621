"""What the doctor looks at: the workspace and this machine, the school's sites from here, and what has been kept."""
