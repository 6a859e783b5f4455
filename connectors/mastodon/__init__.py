"""Mastodon, and the servers that speak its API."""

from connectors.mastodon.connector import Mastodon

__all__ = ["Mastodon"]
