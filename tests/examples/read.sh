#!/bin/sh
# Reads a Telltale stream until it is stopped: read.sh [URL [FILE]]. The position is kept in FILE, so that the next
# run goes on where this one ended. Needs curl and awk.
url=${1:-http://127.0.0.1:7411/api/stream?metrics=cpu}
kept=${2:-telltale-position}
wait=1

while :; do
  began=$(date +%s)
  # A header without a value is not sent. No byte for 30 s is twice the heartbeat: the connection is dead.
  curl -sSNf --speed-limit 1 --speed-time 30 -H "Last-Event-ID: $(cat "$kept" 2>/dev/null)" "$url" |
    while IFS= read -r line; do
      case $line in
        'event: '*) event=${line#event: } ;;
        'id: '*) id=${line#id: } ;;
        'data: '*) data=${line#data: } ;;
        '') # The end of a block: what was cut off before it is asked for again.
          [ -z "$data" ] || printf '%s %s\n' "$event" "$data"
          [ -z "$id" ] || { printf '%s\n' "$id" >"$kept.new" && mv "$kept.new" "$kept"; }
          event='' id='' data=''
          ;;
      esac
    done
  # Not at once, and not everybody at the same moment: between half and all of a time that doubles up to 32 s.
  [ $(($(date +%s) - began)) -lt 60 ] || wait=1
  sleep "$(awk -v wait="$wait" -v seed="$$" 'BEGIN { srand(seed); print wait * (0.5 + rand() / 2) }')"
  [ "$wait" -ge 32 ] || wait=$((wait * 2))
done
