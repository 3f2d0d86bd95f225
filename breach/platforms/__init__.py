"""The community's platform: closing areas, verifying from outside, opening them again."""
