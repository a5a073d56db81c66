"""Recordings of other tools: read, reported, and made into flows."""
