"""Files that a visitor downloads: labeled table, notebook, worksheet, and animation. Pure."""
