"""The demo shop: a small site of its own that its visitors may break on purpose."""
