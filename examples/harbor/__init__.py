"""The Harbor: an invented community whose platform leaked, in the true export formats. Nobody in it exists."""
