"""Package data: the shipped content (see README.md beside this file)."""
