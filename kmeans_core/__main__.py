"""``python -m kmeans_core`` runs the command line."""

import sys

from kmeans_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
