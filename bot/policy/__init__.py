"""Decides, purely: what has been read, and what the desk has chosen, to what is to be done."""
