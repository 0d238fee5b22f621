"""What a finding rests on: screenshots, pictures with numbered boxes, and the photos that are kept."""
