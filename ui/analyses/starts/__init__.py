"""Do the starting centers matter: many runs from each kind of starting centers, and how good a result each finds."""
