"""The contact guide: from a question to our suggestion, and from there to the way that fits."""
