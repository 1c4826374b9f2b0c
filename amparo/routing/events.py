"""What happens in queues, for the log and for reports."""

QUEUED = "queue_entered"
TAKEN = "queue_taken"
RELEASED = "queue_released"
OPERATOR_CHANGED = "operator_changed"
"""How an operator works, or what they can do."""
QUEUE_STIRRED = "queue_stirred"
"""Something else that may let somebody be served: a return, an opening, a time that has come."""
