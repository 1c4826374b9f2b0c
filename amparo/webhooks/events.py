"""What happens to endpoints; the audit log reads these."""

ENDPOINT_REGISTERED = "webhook_endpoint_registered"
ENDPOINT_ENABLED = "webhook_endpoint_enabled"
ENDPOINT_DISABLED = "webhook_endpoint_disabled"
DELIVERY_REPLAYED = "webhook_delivery_replayed"
