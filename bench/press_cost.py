"""Milliseconds that each of some story pages takes to be made, in this process and without HTTP.

A part of `bench.read_path`, which runs it on two archives by turns: the data folder is that of
DATELINE_VAR, the addresses come by standard input. Each page is asked for once; rails and rows are
kept as a worker keeps them.
"""

import gc
import json
import sys
import time

WARM = 100
"""Pages made before the clock starts: templates, rails, the newest of each topic."""


def main() -> None:
    import django

    django.setup()
    from dateline.site.answers import Answer
    from dateline.site.kept import Freshness
    from dateline.site.press import Press

    press = Press(Freshness())
    spent = []
    gc.freeze()
    for address in json.loads(sys.stdin.read()):
        start = time.perf_counter()
        page = press.make(address, None, "gzip")
        spent.append((time.perf_counter() - start) * 1000)
        if page is None or isinstance(page, Answer):
            raise SystemExit(f"{address} gave no page.")
    print(json.dumps(spent[WARM:]))


if __name__ == "__main__":
    main()
