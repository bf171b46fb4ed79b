"""One module per page: what it computes and what it says. Pure."""
