"""The newsroom: where stories are written and released. The only writer of the release log.

Nothing in here is public. What leaves it leaves as an Item, through `release.py`.
"""
