"""What a visitor chooses: the settings record, its links, edits, and the points that it describes. Pure."""
