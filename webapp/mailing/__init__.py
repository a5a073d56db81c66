"""Mail that leaves the house, or waits in the outbox."""
