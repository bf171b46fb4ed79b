"""When does K-means fail: sets of points with a question, the runs that answer it, and their pictures."""
