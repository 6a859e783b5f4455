"""The engine's bench: real processes beside what others do, on one slow platform."""
