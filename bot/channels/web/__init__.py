"""The web page: a chat to try, a board to read, administration, and the API."""
