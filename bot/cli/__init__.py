"""The commands, one module a verb: options in, a job out. `bot.__main__` joins them."""
