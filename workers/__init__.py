"""The clock and the hands: when and where the desk's work runs."""
