"""How well messages are read, measured and printed, never asserted: `make eval`."""
