"""Files that runs leave behind, stored by content."""
