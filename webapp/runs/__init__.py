"""What happened when a flow was played."""
