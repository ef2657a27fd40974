"""The web, as far as the bot asks it for what people gave the address of."""
