"""What happens to requests about orders; the webhook sender and the conversations follow these.

Their data name the request, its kind, the order and the people, and never what was written.
"""

ORDER_REQUEST_MADE = "order_request_made"
ORDER_REQUEST_SETTLED = "order_request_settled"
ORDER_REQUEST_OVERDUE = "order_request_overdue"
