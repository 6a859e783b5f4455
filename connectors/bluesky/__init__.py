"""Bluesky, and any server that speaks the AT Protocol."""

from connectors.bluesky.connector import Bluesky

__all__ = ["Bluesky"]
