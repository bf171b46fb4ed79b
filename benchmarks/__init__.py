"""Benchmarks of the library, the player, and the server, compared with their peers: ``make bench``."""
