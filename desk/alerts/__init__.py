"""Alerts: what needs a person reaches one, by mail and by webhook."""
