"""Discord, by discord.py: its gateway, rate limits and cache. Payloads are read and drawn here."""
