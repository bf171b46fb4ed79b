"""Palette, marker shapes, figures, and thumbnails. Pure."""
