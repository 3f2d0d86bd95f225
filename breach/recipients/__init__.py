"""The list: who will be written to, who cannot be, and why; nobody vanishes."""
