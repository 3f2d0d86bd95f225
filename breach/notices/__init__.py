"""What members read: rendered from facts, filled with each reader's own values, and checked before any gate."""
