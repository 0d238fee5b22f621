"""What follows a decision: requests to editors, looking once more, mails and reminders."""
