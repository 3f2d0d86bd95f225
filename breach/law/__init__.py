"""Duties: rules as dated data with their sources, a small engine over them, and "ask counsel" for the rest."""
