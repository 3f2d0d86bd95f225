"""Kinds of values found in text, one a file: each says whether a candidate is real, and its normalised form."""
