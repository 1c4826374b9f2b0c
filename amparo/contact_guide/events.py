"""What happens in the contact guide."""

FEEDBACK = "guide_feedback"
"""Somebody said whether an answer helped: {feedback, question, helped, language, conversation}."""
