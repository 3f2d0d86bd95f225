"""The chronology: the append-only, hash-chained record that the work itself writes."""
