"""Palette, marker shapes, icons, figures, and thumbnails. Pure."""
