"""Readers of export formats: each streams with bounded memory and knows nothing of scope or detection."""
