"""Things to try the product with: an invented community, and stand-ins for what it talks to."""
