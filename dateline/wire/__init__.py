"""The wire: what clients pay for, once and in order.

`feed` follows the log; `query` and `matching` say what a product takes; `sight` says who may see
what; `pages` reads it by cursors; `api`, `stream` and `door` are how clients get it; `screens` is
where the client manager keeps clients and products. Never imports the newsroom or the site.
"""

MOST_STREAMS = 2_000
"""Open streams and waiting requests of clients that a web worker holds."""
