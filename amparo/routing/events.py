"""What happens in queues, for the log and for reports."""

QUEUED = "queue_entered"
TAKEN = "queue_taken"
RELEASED = "queue_released"
