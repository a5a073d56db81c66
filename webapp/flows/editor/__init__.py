"""The editor of a flow: its page, the form of a step, and the changes that they send."""
