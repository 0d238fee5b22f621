"""What an audit that is killed, or whose disk is full, leaves behind."""
