"""The report of `waymark evaluate`: what was found, as tables, charts, a page and JSON."""
