"""What is published: pages visited, posts, photos and documents taken."""
