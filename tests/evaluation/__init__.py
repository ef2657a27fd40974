"""The sample community as labelled messages, for `make eval`."""
