"""The release log: the one ordered record of everything that was released.

`append()` adds a row inside the transaction that changes the story; `read()` gives rows after a
serial; `follow()` keeps a follower up to date. Serials have no gaps and are in commit order.
"""
