"""Side by side in one run: our scan, Presidio's recognizers, Python's re; each is held against the truth."""
