"""Alembic's folder. `bot.store.upgrade` configures it; there is no file of settings."""
