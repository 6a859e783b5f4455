"""`python -m commands`: the same as `desk`."""

from commands import desk

desk(prog_name="desk")
