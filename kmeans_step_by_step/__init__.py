"""The app as an installed package: in the wheel, its pages, server, and files lie in this folder."""
