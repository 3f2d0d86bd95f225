"""How a step is run: retries, leases, logging, artifacts. Thin; what is true is decided in breach/."""
