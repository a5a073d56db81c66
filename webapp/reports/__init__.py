"""Runs as documents."""
