"""The operators' desk: one inbox, and everything about a matter beside it."""
