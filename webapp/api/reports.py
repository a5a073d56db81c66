"""PDF reports over the API: ask for one, see how far it is, fetch it."""
