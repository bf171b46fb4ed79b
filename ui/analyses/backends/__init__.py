"""The same run on NumPy and on TensorFlow: where they differ, how long each takes, and the code of each."""
