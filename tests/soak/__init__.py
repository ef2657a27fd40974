"""A real bot process, killed again and again in the middle of its work: `make soak`."""
