"""People: who they are, what they own, and how they prove it."""
