"""The one road out: one call, one deadline, and the truth about where it failed."""

from connectors.http.client import Client
from connectors.http.deadline import Deadline
from connectors.http.response import Response, refusal

__all__ = ["Client", "Deadline", "Response", "refusal"]
