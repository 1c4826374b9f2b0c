"""What happens in the reports."""

UNANSWERED_SETTLED = "unanswered_settled"
"""An editor dealt with a question of the inbox: {unanswered, as, question}; subject: the editor."""
