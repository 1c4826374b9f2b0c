"""Answers free questions from the help centre, by character n-grams, and says when it cannot."""
