"""Works out expected.json from the recorded files alone, by the definitions of the contract (usage: expected.py MS)."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ELAPSED = int(sys.argv[1])


def lines(snapshot, name):
    with open(f"{HERE}/{snapshot}/proc/{name}") as file:
        return file.read().splitlines()


def per_second(now, before, digits=4):
    return round((now - before) * 1000 / ELAPSED, digits)


def cpu():
    def times(snapshot):
        rows = [line.split() for line in lines(snapshot, "stat") if line.startswith("cpu")]
        return {row[0]: [int(cell) for cell in row[1:]] for row in rows}

    def number(snapshot, name):
        return next(int(line.split()[1]) for line in lines(snapshot, "stat") if line.startswith(name + " "))

    def shares(now, before):
        user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice = [b - a for a, b in zip(before, now)]
        ticks = {
            "user": user - guest,
            "nice": nice - guest_nice,
            "system": system,
            "interrupt": irq + softirq,
            "steal": steal,
            "guest": guest + guest_nice,
            "iowait": iowait,
            "idle": idle,
        }
        total = sum(ticks.values())
        parts = {name: round(100 * value / total, 4) for name, value in ticks.items()}
        return {"usage": round(100 * (total - idle - iowait) / total, 4), **parts}

    before, now = times(1), times(2)
    load = [float(part) for part in lines(2, "loadavg")[0].split()[:3]]
    cores = [{"name": name[3:], **shares(now[name], before[name])} for name in now if name != "cpu"]
    return {
        **shares(now["cpu"], before["cpu"]),
        "load1": load[0],
        "load5": load[1],
        "load15": load[2],
        "running": number(2, "procs_running"),
        "blocked": number(2, "procs_blocked"),
        "contextSwitchesPerSecond": per_second(number(2, "ctxt"), number(1, "ctxt")),
        "cores": cores,
        "quota": None,
    }


def memory():
    info = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines(2, "meminfo")}
    before, now = ({row.split()[0]: int(row.split()[1]) for row in lines(n, "vmstat")} for n in (1, 2))
    total = info["MemTotal"]
    parts = {
        "freeBytes": info["MemFree"],
        "buffersBytes": info["Buffers"],
        "cacheBytes": info["Cached"] + info["SReclaimable"] - info["Shmem"],
        "sharedBytes": info["Shmem"],
        "zfsArcBytes": 0,
    }
    return {
        "totalBytes": total,
        "availableBytes": info["MemAvailable"],
        "usedBytes": total - info["MemAvailable"],
        **parts,
        "otherBytes": total - sum(parts.values()),
        "swapTotalBytes": info["SwapTotal"],
        "swapUsedBytes": info["SwapTotal"] - info["SwapFree"],
        "swapInBytesPerSecond": 4096 * per_second(now["pswpin"], before["pswpin"]),
        "swapOutBytesPerSecond": 4096 * per_second(now["pswpout"], before["pswpout"]),
        "majorFaultsPerSecond": per_second(now["pgmajfault"], before["pgmajfault"]),
        "dirtyBytes": info["Dirty"],
        "writebackBytes": info["Writeback"],
        "cgroup": None,
    }


def network():
    def counters(snapshot):
        rows = [line.split(":") for line in lines(snapshot, "net/dev")[2:]]
        return {name.strip(): [int(cell) for cell in cells.split()] for name, cells in rows}

    def tcp(snapshot):
        names, values = [line.split() for line in lines(snapshot, "net/snmp") if line.startswith("Tcp:")]
        return dict(zip(names[1:], map(int, values[1:])))

    def fact(name, what):
        try:
            with open(f"{HERE}/2/sys/class/net/{name}/{what}") as file:
                return file.read().strip()
        except OSError:
            return None

    def interface(name, now, before):
        virtual = "/virtual/" in os.readlink(f"{HERE}/2/sys/class/net/{name}")
        speed = int(fact(name, "speed") or -1)
        state = fact(name, "operstate")
        columns = {"Bytes": 0, "Packets": 1, "Errors": 2, "Drops": 3}
        rates = {
            f"{side}{what}PerSecond": per_second(now[column + offset], before[column + offset])
            for what, column in columns.items()
            for side, offset in (("rx", 0), ("tx", 8))
        }
        return {
            "name": name,
            "kind": "loopback" if fact(name, "type") == "772" else "virtual" if virtual else "physical",
            "up": state == "up" or (state == "unknown" and int(fact(name, "flags"), 16) % 2 == 1),
            "speedBitsPerSecond": speed * 1_000_000 if speed > 0 else None,
            **rates,
            "rxBytes": now[0],
            "txBytes": now[8],
            "reset": False,
        }

    before, now = counters(1), counters(2)
    interfaces = [interface(name, now[name], before[name]) for name in sorted(now)]
    physical = [each for each in interfaces if each["kind"] == "physical"]
    return {
        "rxBytesPerSecond": sum(each["rxBytesPerSecond"] for each in physical),
        "txBytesPerSecond": sum(each["txBytesPerSecond"] for each in physical),
        "totalOf": "physical",
        "interfaces": interfaces,
        "tcp": {
            "established": tcp(2)["CurrEstab"],
            "retransmitsPerSecond": per_second(tcp(2)["RetransSegs"], tcp(1)["RetransSegs"]),
        },
    }


with open(f"{HERE}/expected.json", "w") as file:
    json.dump({"elapsedMs": ELAPSED, "events": {"cpu": cpu(), "memory": memory(), "network": network()}}, file, indent=2)
    file.write("\n")
