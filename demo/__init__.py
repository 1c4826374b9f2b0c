"""Mercadia: a small invented marketplace that shows Amparo at work. Not part of the product."""
