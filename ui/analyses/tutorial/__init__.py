"""Learn K-means in ten minutes: short screens that ask first, each with a run of its own."""
