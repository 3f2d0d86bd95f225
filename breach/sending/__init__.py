"""Sending one approved message: the plan of its waves, the sender, the books, and filling in a person's values."""
