"""The public archive: the read model that every reader's page is made from.

A follower keeps it from the release log; it can be deleted and made again at any time. It holds
the newest version of each story that is for the public, and nothing else: what is not in here
cannot leak from a page.
"""
