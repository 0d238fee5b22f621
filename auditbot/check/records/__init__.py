"""What the school's own registers and papers lack: findings that rest on no page."""
