"""What the project claims about speed, measured side by side with its peers: ``make bench``."""
