"""A conversation as one HTML page that runs no script and requests nothing."""
