"""How many clusters: the best run with every K, three criteria, and the same on uniform noise."""
