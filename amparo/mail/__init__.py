"""Mail out: a queue in the database, sent after commit; notices to people who are away."""
