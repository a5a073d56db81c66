"""The paths that Lamplighter walks, and their versions."""
