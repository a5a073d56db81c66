"""The engine: plays the steps of a flow in a real browser, and knows nothing of web or database."""
