"""Slack, as far as Waymark talks to it: a server in this process, with state, limits and whims.

Built from Slack's documentation; each rule names its page on docs.slack.dev. The real slack-bolt
and slack_sdk talk to it over sockets: only the base address differs.

    workspace.py  who and what is there          blocks.py   what a message may look like
    methods.py    what the Web API answers       limits.py   how often it may be asked
    sockets.py    Socket Mode                    signed.py   the Events API over HTTP
    people.py     what people do, as payloads    server.py   the doors, and what goes wrong at them
"""
