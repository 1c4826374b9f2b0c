"""What helped and what did not, and what to do about it: measured from the event log."""
