"""X, by its paid API: posts through tweepy, counted and priced as X does."""

from connectors.x.connector import X

__all__ = ["X"]
