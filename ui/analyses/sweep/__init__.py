"""What does a setting do: runs that differ in one setting, or two, and how each ends."""
