"""Plays the two approvers of a rehearsal, so that a demonstration runs without hands."""
