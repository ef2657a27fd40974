"""How well messages are read, measured on labelled files: the work behind `waymark evaluate`."""
