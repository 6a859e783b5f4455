"""Tests: their fake platforms listen at this machine, which a channel may not do."""

import os

os.environ.setdefault("STANDFIRST_CHANNEL_ALLOW", "127.0.0.1,localhost")
