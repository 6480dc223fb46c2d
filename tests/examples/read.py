#!/usr/bin/env python3
"""Reads a Telltale stream until it is stopped: read.py [URL]. Python 3.9 or newer, nothing but its standard library."""
import http.client, json, random, sys, time
from urllib.parse import urlsplit


def blocks(response):
    """The blocks of text/event-stream as dictionaries of their fields. One that was cut off is left out."""
    fields = {}
    for raw in response:
        line = raw.decode("utf-8").rstrip("\r\n")
        if line == "":
            yield fields
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            fields[name] = fields["data"] + "\n" + value if name == "data" and name in fields else value


def follow(url, handle):
    """Calls handle(name, data) for every event, across whatever ends a connection."""
    target = urlsplit(url)
    path = (target.path or "/") + ("?" + target.query if target.query else "")
    Connection = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    cursor, wait, failures = None, 1.0, 0
    while True:
        connection = Connection(target.netloc, timeout=30)
        try:
            connection.connect()
            socket = connection.sock
            position = {"Last-Event-ID": cursor} if cursor else {}
            connection.request("GET", path, headers={"Accept": "text/event-stream", **position})
            response = connection.getresponse()
            if response.status in (400, 401, 403, 404, 406, 421):
                sys.exit(json.loads(response.read())["detail"])  # asking again would not help
            if response.status != 200:
                wait = float(response.getheader("Retry-After", 5))
                raise OSError(f"status {response.status}")
            for block in blocks(response):
                if "retry" in block:
                    wait = int(block["retry"]) / 1000
                if "data" in block:
                    name, data = block.get("event", "message"), json.loads(block["data"])
                    if name == "hello":
                        failures = 0
                        socket.settimeout(2 * data["heartbeatMs"] / 1000)  # the watchdog: silence is an error
                    elif name == "bye":
                        wait = data["retryMs"] / 1000
                    handle(name, data)
                cursor = block.get("id", cursor)  # only now: what was not handled is asked for again
            problem = "the stream ended"
        except (OSError, http.client.HTTPException) as error:
            problem = str(error) or type(error).__name__
        finally:
            connection.close()
        failures += 1
        pause = random.uniform(0.5, 1) * min(30, wait * 2 ** min(failures, 5))
        print(f"{problem}; again in {pause:.1f} s", file=sys.stderr)
        time.sleep(pause)


def show(name, data):
    if name == "gap":
        print("gap", data["reason"], "nothing is known between", data["from"], "and", data["to"], flush=True)
    elif name == "cpu":
        print("cpu", data["at"], "unknown" if data["usage"] is None else f"{data['usage']} %", flush=True)
    elif name == "fault" and not data["cleared"]:
        print("fault", data["metric"], ", ".join(data["fields"]), data["reason"], flush=True)
    # Everything else is ignored, names and fields that are not known yet as well.


if __name__ == "__main__":
    follow(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7411/api/stream?metrics=cpu", show)
