"""What is shown and decided: cases in the order of risk, and all that decides each."""
