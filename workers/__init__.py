"""The clock and the workers: when and where the desk's work runs."""
