"""Follow the wire: every version of every story, once and in order, across restarts."""

import json, os, pathlib, sys, time, urllib.parse, urllib.request  # noqa: E401, I001 - short

BASE, TOKEN = os.environ["WIRE"], os.environ["WIRE_TOKEN"]
KEPT = pathlib.Path("cursor")


def page(after: str) -> dict:
    query = urllib.parse.urlencode({"after": after, "wait": 30})
    request = urllib.request.Request(f"{BASE}/api/v1/items?{query}")
    request.add_header("Authorization", f"Bearer {TOKEN}")
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)


after = KEPT.read_text() if KEPT.exists() else ""
while True:
    try:
        found = page(after)
    except OSError as error:  # no answer, or one that says what is wrong
        print(error, file=sys.stderr)
        time.sleep(5)
        continue
    for item in found["items"]:  # keep each under guid and version: a kill ends what you have
        print(item["kind"], item["guid"], item["version"], sep="\t", flush=True)
    after = found["next"]
    KEPT.write_text(after)
