"""What happens to what the assistant knows."""

EXAMPLES_CHANGED = "assistant_examples_changed"
"""data: question, example, what ("added" or "removed")"""
