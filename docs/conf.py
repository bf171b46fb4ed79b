"""Settings of Sphinx, which builds the reference of the library: ``make docs``."""

from kmeans_core import __version__

project = "kmeans_core"
version = release = __version__
copyright = "K-means, step by step contributors"  # Sphinx' own name
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_parser"]
root_doc = "library"
include_patterns = ["library.md", "file-formats.md"]
# Links lead from one document to the other, without a table of contents that nobody could read on a code host.
suppress_warnings = ["toc.not_included"]

# All attributes of a record in one list, instead of an entry for each.
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"kmeans_core {__version__}"
# Names without their module, since all are imported from kmeans_core.
add_module_names = False
# Docstrings say types, shapes, and units in words; NumPy's own types would fill lines.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "set_fit_request, set_predict_request, set_score_request"}
