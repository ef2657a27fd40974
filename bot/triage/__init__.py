"""Reads one message: text -> Reading. Pure and deterministic, no I/O after its files are loaded."""
