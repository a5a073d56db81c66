"""Reports of runs as PDF, made beside the web process."""
