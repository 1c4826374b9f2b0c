"""Amparo: the support and protection centre of an online marketplace."""

__version__ = "0.1.0"
