#!/bin/sh
# Follow the wire with curl and jq: every version of every story, in order, across restarts.
set -eu

after=$(cat cursor 2>/dev/null || true)
while :; do
    page=$(curl --silent --show-error --fail --max-time 90 --compressed --get \
        --header "Authorization: Bearer $WIRE_TOKEN" \
        --data-urlencode "after=$after" --data wait=30 \
        "$WIRE/api/v1/items") || { sleep 5; continue; }
    printf '%s' "$page" | jq --raw-output '.items[] | [.kind, .guid, .version] | @tsv'
    after=$(printf '%s' "$page" | jq --raw-output .next)
    printf '%s' "$after" >cursor
done
