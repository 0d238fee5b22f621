"""What is printed or handed on: with names for one child's file, without for a meeting, letters, and a calendar."""
