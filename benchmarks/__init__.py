"""Measurements: how fast the law and the scan are, and how much of what is there the scan finds."""
