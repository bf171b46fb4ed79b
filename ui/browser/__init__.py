"""The browser edition: the same app, computed in the visitor's browser, with no server."""
