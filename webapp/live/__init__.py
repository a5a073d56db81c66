"""Events as they happen, for pages and programs."""
