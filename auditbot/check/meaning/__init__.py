"""What words mean: a small language model trained on made-up schools, read once a passage for every check."""
