"""An invented community of any size: what it writes, who its members are, and what stands where in the messages.

The same seed and size give the same bytes, on every machine and every supported Python.
"""
