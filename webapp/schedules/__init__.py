"""When flows are due."""
