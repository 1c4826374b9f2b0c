"""Words that nobody else may find."""

CANARY = "sardine-of-ana"
"""Stands in everything that is Ana's; who may not see it must not find it in any answer."""
NOTE_CANARY = "note-among-colleagues"
