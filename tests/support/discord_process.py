"""`waymark run` with Discord's two addresses changed. Run as a process of its own.

python -m tests.support.discord_process REST GATEWAY run --into FILE ...
"""

import sys

from tests.support.fake_discord.server import addressed

if __name__ == "__main__":
    rest, gateway, *args = sys.argv[1:]
    sys.argv = ["waymark", *args]
    with addressed(rest, gateway):
        from bot.__main__ import main

        main()
