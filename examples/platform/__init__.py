"""A local imitation of the community's platform, for rehearsals and tests."""
