"""Discord, as its documentation describes it, in this process and on loopback.

Built from Discord's own pages, which are named beside each rule, not from what our adapter sends.
"""
