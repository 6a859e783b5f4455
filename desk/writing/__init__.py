"""Words out: candidates for a post's text, each from the article's own sentences."""

from desk.writing.candidate import Candidate, Length, Role, Written
from desk.writing.candidates import candidates

__all__ = ["Candidate", "Length", "Role", "Written", "candidates"]
