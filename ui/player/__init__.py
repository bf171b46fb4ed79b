"""The message from Python to the player, and the scripts and styles that play it in the browser."""
