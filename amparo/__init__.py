"""Amparo: the support and protection centre of an online marketplace."""

import os

__version__ = "0.1.0"

# Before anything loads numpy: with several threads of its own, linear algebra on two busy cores
# takes a hundred times longer than with one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
