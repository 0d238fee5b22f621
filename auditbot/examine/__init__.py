"""What is in the bytes: faces and words in photos, text in documents."""
