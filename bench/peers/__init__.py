"""Other people's servers, driven by our load in the same run."""

from bench.peers.beside import NAMES, PeerFigures, measured

__all__ = ["NAMES", "PeerFigures", "measured"]
