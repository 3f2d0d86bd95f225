"""Real servers that a test or a demonstration starts on loopback and stops again."""
