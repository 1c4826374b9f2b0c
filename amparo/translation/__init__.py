"""Machine translation behind one small interface."""
