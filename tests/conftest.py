"""What holds for every test."""

from hypothesis import settings

# How long an example takes says something of the machine: the benchmarks measure, the tests judge results.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
