"""Recordings of Chrome's Recorder: one user flow in JSON."""
