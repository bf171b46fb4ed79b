"""Compare runs on the same points: what differs, where the first difference is, and how each ends."""
