"""What happens in the contact guide."""

FEEDBACK = "guide_feedback"
"""Somebody said whether an answer helped: {feedback, question, helped, language, conversation,
order_ref}; subject: the person, where one is known."""
ANSWER_SHOWN = "guide_answer_shown"
"""Somebody known read an answer in the guide: {question, language, order_ref}; subject: who."""
