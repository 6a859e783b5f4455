"""Words out: candidates for a post's text, each from the article's own sentences."""

from desk.writing.candidate import Angle, Candidate, Length, Written
from desk.writing.candidates import candidates

__all__ = ["Angle", "Candidate", "Length", "Written", "candidates"]
