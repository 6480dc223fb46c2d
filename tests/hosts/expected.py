"""
Works out what a host's files say, by the definitions of the metrics and the kernel's documentation alone: it shares no
line with the readers, and has fractions where they have floating point. `expected.py HOST MS` prints the expected.json
of a host whose snapshots lie MS milliseconds apart. What is to be made of broken files is written by hand instead.
"""

import json
import os
import re
import sys
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
HOST, ELAPSED = sys.argv[1], int(sys.argv[2])
BEFORE, NOW = 1, 2
FAULTS = {}
# Numbers that are a gauge elsewhere and need an interval on this machine.
OF_INTERVAL = set()


def path(snapshot, name):
    return f"{HERE}/{HOST}/{snapshot}/{name}"


def text(snapshot, name):
    """The text of a file, None where there is none."""
    try:
        with open(path(snapshot, name), encoding="utf-8", newline="\n") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def lines(snapshot, name):
    return (text(snapshot, name) or "").split("\n")[:-1]


def folder(snapshot, name):
    try:
        return sorted(os.listdir(path(snapshot, name)), key=natural)
    except FileNotFoundError:
        return []


def word(snapshot, name):
    found = text(snapshot, name)
    return (found or "").strip() or None


def whole(snapshot, name):
    found = word(snapshot, name)
    return None if found is None else int(found)


def target(snapshot, name):
    """The last part of where a link points."""
    try:
        return os.path.basename(os.readlink(path(snapshot, name)))
    except OSError:
        return None


def natural(name):
    return [(int(part), "") if i % 2 else (-1, part) for i, part in enumerate(re.split(r"(\d+)", name))]


def fault(metric, *fields):
    if fields:
        FAULTS.setdefault(metric, set()).update(fields)


def number(value):
    """A fraction as JSON has it, far more exact than anything is compared."""
    return None if value is None else value if isinstance(value, int) else round(float(value), 9)


def rate(now, before):
    """Of a counter per second; None when it was not there before or went back."""
    return None if now is None or before is None or now < before else Fraction(1000 * (now - before), ELAPSED)


# CPU: proc_stat(5), proc_loadavg(5), Documentation/admin-guide/cgroup-v2.rst, cgroup-v1, sched-bwc.rst

SHARES = ["user", "nice", "system", "interrupt", "steal", "guest", "iowait", "idle"]


def cpu_times(snapshot):
    rows = [line.split() for line in lines(snapshot, "proc/stat") if line.startswith("cpu")]
    return {row[0]: ([int(cell) for cell in row[1:]] + [0] * 10)[:10] for row in rows}


def cpu_shares(now, before):
    nothing = {"usage": None, **{name: None for name in SHARES}}
    # user, system and idle of a processor that was switched off may start anew; iowait is allowed to step back.
    if before is None or now[0] < before[0] or now[2] < before[2] or now[3] + 300 < before[3]:
        return nothing
    grown = [max(0, after - earlier) for earlier, after in zip(before, now)]
    user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice = grown
    ticks = [user - guest, nice - guest_nice, system, irq + softirq, steal, guest + guest_nice, iowait, idle]
    total = sum(ticks)
    if total == 0:
        return nothing
    parts = {name: number(Fraction(100 * value, total)) for name, value in zip(SHARES, ticks)}
    return {"usage": number(Fraction(100 * (total - iowait - idle), total)), **parts}


def groups(controller):
    """Where the group of the process is, and those above it: (the path, its folder, whether it is cgroup v2)."""
    for line in lines(NOW, "proc/self/cgroup"):
        _, controllers, place = line.split(":", 2)
        if controller in controllers.split(","):
            root, unified = f"sys/fs/cgroup/{controllers}", False
            break
        if controllers == "":
            root, unified = "sys/fs/cgroup", True
    else:
        if not lines(NOW, "proc/self/cgroup") or not unified:
            return []
    while True:
        yield place, f"{root}{place}".rstrip("/"), unified
        if place == "/":
            return
        place = os.path.dirname(place)


def quota():
    allowed = []
    for _, place, unified in groups("cpu"):
        if unified:
            limit, period = (word(NOW, f"{place}/cpu.max") or "max 100000").split()
        else:
            limit, period = word(NOW, f"{place}/cpu.cfs_quota_us") or "-1", word(NOW, f"{place}/cpu.cfs_period_us")
        if limit not in ("max", "-1"):
            allowed.append(Fraction(int(limit), int(period)))
    return {"cores": number(min(allowed))} if allowed else None


def cpu():
    before, now = cpu_times(BEFORE), cpu_times(NOW)
    single = [{row[0]: int(row[1]) for line in lines(n, "proc/stat") for row in [line.split()]} for n in (BEFORE, NOW)]
    load = [float(part) for part in text(NOW, "proc/loadavg").split()[:3]]
    names = sorted((name for name in now if name != "cpu"), key=natural)
    return {
        **cpu_shares(now["cpu"], before["cpu"]),
        **dict(zip(["load1", "load5", "load15"], load)),
        "running": single[1]["procs_running"],
        "blocked": single[1]["procs_blocked"],
        "contextSwitchesPerSecond": number(rate(single[1]["ctxt"], single[0]["ctxt"])),
        "cores": [{"name": name[3:], **cpu_shares(now[name], before.get(name))} for name in names],
        "quota": quota(),
    }


# Memory: Documentation/filesystems/proc.rst, cgroup-v1/memory.rst, cgroup-v2.rst

PAGE = 16384 if HOST == "arm-board" else 4096


def memory_group():
    limits = []
    for place, files, unified in groups("memory"):
        limit = word(NOW, f"{files}/{'memory.max' if unified else 'memory.limit_in_bytes'}")
        # v1 has no word for "none": it is the largest number of whole pages in 63 bits.
        if limit is not None and limit != "max" and int(limit) < 2**62:
            limits.append((int(limit), place, files, unified))
    if not limits:
        return None
    limit, place, files, unified = min(limits, key=lambda each: each[0])
    stat = dict(line.split() for line in lines(NOW, f"{files}/memory.stat"))
    used = whole(NOW, f"{files}/{'memory.current' if unified else 'memory.usage_in_bytes'}")
    inactive = int(stat["inactive_file" if unified else "total_inactive_file"])
    return {"scope": place, "limitBytes": limit, "usedBytes": max(0, used - inactive)}


def memory():
    sizes = [line.split() for line in lines(NOW, "proc/meminfo") if line.endswith(" kB")]
    info = {name.rstrip(":"): 1024 * int(kilobytes) for name, kilobytes, _ in sizes}
    before, now = ({row.split()[0]: int(row.split()[1]) for row in lines(n, "proc/vmstat")} for n in (BEFORE, NOW))
    arc = 0
    for line in lines(NOW, "proc/spl/kstat/zfs/arcstats"):
        if line.split()[0] == "size":
            arc = int(line.split()[2])
    total, left = info["MemTotal"], info["MemTotal"]
    claims = {
        "freeBytes": info["MemFree"],
        "sharedBytes": info["Shmem"],
        "buffersBytes": info["Buffers"],
        "cacheBytes": info["Cached"] + info.get("SReclaimable", 0) - info["Shmem"],
        "zfsArcBytes": arc,
    }
    parts = {}
    for name, claim in claims.items():
        parts[name] = max(0, min(claim, left))
        left -= parts[name]
    available = info.get("MemAvailable")
    if available is None:
        fault("memory", "availableBytes", "usedBytes")
    else:
        available = min(available, total)

    def swapped(name):
        pages = rate(now[name], before[name])
        return number(None if pages is None else pages * PAGE)

    return {
        "totalBytes": total,
        "availableBytes": available,
        "usedBytes": None if available is None else total - available,
        **parts,
        "otherBytes": left,
        "swapTotalBytes": info["SwapTotal"],
        "swapUsedBytes": max(0, info["SwapTotal"] - info["SwapFree"]),
        "swapInBytesPerSecond": swapped("pswpin"),
        "swapOutBytesPerSecond": swapped("pswpout"),
        "majorFaultsPerSecond": number(rate(now["pgmajfault"], before["pgmajfault"])),
        "dirtyBytes": info["Dirty"],
        "writebackBytes": info["Writeback"],
        "cgroup": memory_group(),
    }


# Network: proc_pid_net(5), Documentation/ABI/testing/sysfs-class-net, if_arp.h

COUNTERS = {"Bytes": 0, "Packets": 1, "Errors": 2, "Drops": 3}


def interfaces(snapshot):
    rows = [line.rpartition(":") for line in lines(snapshot, "proc/net/dev")[2:]]
    return {name.strip(): [int(cell) for cell in cells.split()] for name, _, cells in rows}


def interface(name, now, before):
    facts = f"sys/class/net/{name}"
    loopback = word(NOW, f"{facts}/type") == "772"
    virtual = "/virtual/" in os.readlink(path(NOW, facts))
    speed, state = int(word(NOW, f"{facts}/speed") or -1), word(NOW, f"{facts}/operstate")
    reset = before is not None and (now[0] < before[0] or now[8] < before[8])
    rates = {}
    for what, column in COUNTERS.items():
        for side, at in (("rx", column), ("tx", column + 8)):
            rates[f"{side}{what}PerSecond"] = None if reset or before is None else number(rate(now[at], before[at]))
    return {
        "name": name,
        "kind": "loopback" if loopback else "virtual" if virtual else "physical",
        "up": state == "up" or (state == "unknown" and int(word(NOW, f"{facts}/flags"), 16) % 2 == 1),
        # Unknown is -1, which older kernels write as a number of 16 or 32 bits.
        "speedBitsPerSecond": speed * 1_000_000 if speed > 0 and speed not in (2**16 - 1, 2**32 - 1) else None,
        **rates,
        "rxBytes": now[0],
        "txBytes": now[8],
        "reset": reset,
    }


def total(things, field):
    """A sum with a hole would be a wrong number."""
    values = [each[field] for each in things]
    return None if None in values or not values else number(sum(Fraction(str(value)) for value in values))


def tcp(snapshot):
    names, values = [line.split() for line in lines(snapshot, "proc/net/snmp") if line.startswith("Tcp:")]
    return dict(zip(names[1:], map(int, values[1:])))


def network():
    before, now = interfaces(BEFORE), interfaces(NOW)
    listed = [interface(name, now[name], before.get(name)) for name in sorted(now, key=natural)]
    physical = [each for each in listed if each["kind"] == "physical"]
    counted = physical or [each for each in listed if each["kind"] == "virtual"]
    return {
        "rxBytesPerSecond": total(counted, "rxBytesPerSecond"),
        "txBytesPerSecond": total(counted, "txBytesPerSecond"),
        "totalOf": "physical" if physical else "all",
        "interfaces": listed,
        "tcp": {
            "established": tcp(NOW)["CurrEstab"],
            "retransmitsPerSecond": number(rate(tcp(NOW)["RetransSegs"], tcp(BEFORE)["RetransSegs"])),
        },
    }


# Disk: Documentation/admin-guide/iostats.rst, Documentation/ABI/stable/sysfs-block

NO_DISK = re.compile(r"(loop|ram|zram)\d")


def disks(snapshot):
    rows = [line.split() for line in lines(snapshot, "proc/diskstats")]
    whole_devices = {name.replace("!", "/") for name in folder(snapshot, "sys/block")}
    counters = {row[2]: [int(cell) for cell in row[3:]] for row in rows}
    return {name: cells for name, cells in counters.items() if name in whole_devices and not NO_DISK.match(name)}


def lies_on(name, others):
    """Whether a device is made of others of the list, or of their partitions."""
    # ZFS does not say on which disks a volume lies.
    if name.startswith("zd"):
        return any(not other.startswith("zd") for other in others)
    for slave in folder(NOW, f"sys/block/{name}/slaves"):
        link = os.readlink(path(NOW, f"sys/block/{name}/slaves/{slave}"))
        if slave in others or os.path.basename(os.path.dirname(link)) in others:
            return True
    return False


def disk_device(name, now, before):
    # Reads, sectors read, writes, sectors written: these go back only with the device.
    if before is not None and any(now[at] < before[at] for at in (0, 2, 4, 6)):
        before = None

    def grown(at):
        return None if before is None or now[at] < before[at] else now[at] - before[at]

    def each(at, factor=Fraction(1)):
        return None if grown(at) is None else number(Fraction(1000 * grown(at), ELAPSED) * factor)

    def latency(requests, ms):
        return number(Fraction(grown(ms), grown(requests))) if grown(requests) and grown(ms) is not None else None

    busy = each(9, Fraction(1, 10))
    return {
        "name": name,
        "readBytesPerSecond": each(2, Fraction(512)),
        "writeBytesPerSecond": each(6, Fraction(512)),
        "readsPerSecond": each(0),
        "writesPerSecond": each(4),
        "busy": None if busy is None else min(100, busy),
        "queue": each(10, Fraction(1, 1000)),
        "readLatencyMs": latency(0, 3),
        "writeLatencyMs": latency(4, 7),
    }


def disk():
    before, now = disks(BEFORE), disks(NOW)
    listed = [disk_device(name, now[name], before.get(name)) for name in sorted(now, key=natural)]
    lowest = [device for device in listed if not lies_on(device["name"], now)]
    # What never did anything is no disk: an empty drive, the spare devices of a driver.
    shown = [device for device in listed if now[device["name"]][0] + now[device["name"]][4] > 0]
    if not shown:
        return None
    return {
        "readBytesPerSecond": total(lowest, "readBytesPerSecond"),
        "writeBytesPerSecond": total(lowest, "writeBytesPerSecond"),
        "devices": shown,
    }


# File systems: proc_pid_mountinfo(5). Their sizes are in no file.

WITH_FILES = "ext2 ext3 ext4 xfs btrfs zfs vfat exfat nfs4 cifs fuse.sshfs".split()
OF_PROGRAMS = ("/dev/", "/etc/", "/proc/", "/sys/", "/var/lib/docker/")
SIZES = ["totalBytes", "usedBytes", "availableBytes", "usedPercent", "inodesTotal", "inodesUsed"]


def decoded(name):
    return re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), name)


def filesystem():
    found = {}
    for line in lines(NOW, "proc/self/mountinfo"):
        own, of_file_system = line.split(" - ")
        _, _, device, root, point, options = own.split(" ")[:6]
        kind, source, super_options = of_file_system.split(" ")
        point, source = decoded(point), decoded(source)
        snapshot = kind == "zfs" and "@" in source
        if point != "/" and (kind not in WITH_FILES or point.startswith(OF_PROGRAMS) or snapshot):
            continue
        # The root stands for its file system; else the mount that shows all of it, then the shortest path.
        order = (point != "/", root != "/", len(point))
        mount = {
            "name": point,
            "device": source,
            "type": kind,
            **{size: None for size in SIZES},
            "readOnly": "ro" in options.split(",") or "ro" in super_options.split(","),
        }
        if device not in found or order < found[device][0]:
            found[device] = (order, mount)
    fault("filesystem", *(f"mounts.{size}" for size in SIZES))
    return {"mounts": sorted((mount for _, mount in found.values()), key=lambda mount: natural(mount["name"]))}


# Pressure: Documentation/accounting/psi.rst


def pressure():
    def lost(snapshot, file, line):
        for row in lines(snapshot, f"proc/pressure/{file}"):
            if row.split()[0] == line:
                return int(row.rpartition("total=")[2])
        return None

    def share(file, line):
        now, before = lost(NOW, file, line), lost(BEFORE, file, line)
        if before is None or now is None or now < before:
            return None
        return number(min(Fraction(100), Fraction(100 * (now - before), 1000 * ELAPSED)))

    if not folder(NOW, "proc/pressure"):
        return None
    return {
        "cpuSome": share("cpu", "some"),
        "memorySome": share("memory", "some"),
        "memoryFull": share("memory", "full"),
        "ioSome": share("io", "some"),
        "ioFull": share("io", "full"),
    }


# Processes: proc_pid_stat(5), proc_pid_status(5), Documentation/filesystems/proc.rst

TICKS_PER_SECOND = 100
TOP = 20


def process_stats(snapshot):
    found = {}
    for pid in folder(snapshot, "proc"):
        if pid.isdigit():
            head, _, tail = text(snapshot, f"proc/{pid}/stat").rpartition(")")
            # Numbered as in the manual, which has the state as the third.
            found[int(pid)] = (head.partition("(")[2], [None, None, None, *tail.split()])
    return found


def moved(snapshot, pid):
    """All that a process has read and written, and what it cut off before it was written."""
    counters = dict(line.split(": ") for line in lines(snapshot, f"proc/{pid}/io"))
    return [int(counters[f"{name}_bytes"]) for name in ("read", "write", "cancelled_write")] if counters else None


def below(pid, stats):
    """A process, its children, theirs and so on."""
    return [pid, *(each for child, (_, of) in stats.items() if int(of[4]) == pid for each in below(child, stats))]


def transfer(pid, stats, before):
    """Bytes that a process read and wrote a second; what its children had moved before they ended is not its own."""
    now = moved(NOW, pid)
    if now is None:
        return None, None
    if pid in before:
        if before[pid][1][22] != stats[pid][1][22] or moved(BEFORE, pid) is None:
            return None, None
        gone = [pid, *(each for each in below(pid, before)[1:] if each not in stats)]
        # No host has one whose parent ended without being waited for, or unread ones.
        known = [moved(BEFORE, each) for each in gone]
        now = [counter - sum(earlier) for counter, earlier in zip(now, zip(*known))]
    read, written, cancelled = now
    return [number(Fraction(1000 * max(0, each), ELAPSED)) for each in (read, written - cancelled)]


def process_item(pid, name, fields, now, before):
    status = dict(line.split(":\t", 1) for line in lines(NOW, f"proc/{pid}/status") if ":\t" in line)
    ticks = int(fields[14]) + int(fields[15])
    earlier = before.get(pid)
    # The same number with another beginning is another process, and all that it used it used since.
    if earlier and earlier[1][22] == fields[22]:
        ticks -= int(earlier[1][14]) + int(earlier[1][15])
    read, written = transfer(pid, now, before)
    [boot] = [int(line.split()[1]) for line in lines(NOW, "proc/stat") if line.startswith("btime ")]
    return {
        "name": name,
        "pid": pid,
        "startedAt": 1000 * boot + int(fields[22]) * 1000 // TICKS_PER_SECOND,
        "user": status["Uid"].split()[1],
        "usage": number(Fraction(100 * ticks * 1000, TICKS_PER_SECOND * ELAPSED)),
        # A thread of the kernel has no memory of its own.
        "residentBytes": 1024 * int(status["VmRSS"].split()[0]) if "VmRSS" in status else 0,
        "readBytesPerSecond": read,
        "writeBytesPerSecond": written,
        "state": fields[3],
        "threads": int(fields[20]),
        "arguments": None,
    }


def process():
    before, now = process_stats(BEFORE), process_stats(NOW)
    if not now:
        return None
    items = [process_item(pid, name, fields, now, before) for pid, (name, fields) in now.items()]

    def top(*fields):
        def amount(item):
            return sum(item[field] or 0 for field in fields)

        using = sorted((item for item in items if amount(item) > 0), key=amount, reverse=True)[:TOP]
        return sorted(using, key=lambda item: (natural(item["name"]), item["pid"]))

    return {
        "count": len(now),
        "threads": sum(item["threads"] for item in items),
        "byCpu": top("usage"),
        "byMemory": top("residentBytes"),
        "byIo": top("readBytesPerSecond", "writeBytesPerSecond"),
    }


# Sensors: Documentation/hwmon/sysfs-interface.rst, Documentation/ABI/testing/sysfs-class-{thermal,power}


def apart(things):
    """Names no two of which are alike: [(name, place)] -> names."""
    names, taken = [name for name, _ in things], []
    for name, place in things:
        if names.count(name) > 1 and place is not None:
            name = place if place.startswith(name) else f"{name} {place}"
        wanted, n = name, 2
        while name in taken:
            name, n = f"{wanted} #{n}", n + 1
        taken.append(name)
    return taken


def celsius(name):
    value = whole(NOW, name)
    return None if value is None else number(Fraction(value, 1000))


def chips():
    """Of each chip its name and where its files are: drivers from before 2013 have them in the folder of the device."""
    found = []
    for each in folder(NOW, "sys/class/hwmon"):
        place = f"sys/class/hwmon/{each}"
        if not any(re.fullmatch(r"(temp|fan)\d+_input", file) for file in folder(NOW, place)):
            place = f"{place}/device" if word(NOW, f"{place}/name") is None else place
        found.append((word(NOW, f"{place}/name"), target(NOW, f"sys/class/hwmon/{each}/device"), place))
    return [(own, name, place) for (own, _, place), name in zip(found, apart([(name, at) for name, at, _ in found]))]


def channels(place, name, kind):
    inputs = [file[: -len("_input")] for file in folder(NOW, place) if re.fullmatch(kind + r"\d+_input", file)]
    labels = apart([(word(NOW, f"{place}/{each}_label") or each, each) for each in inputs])
    return [(f"{name} {label}", f"{place}/{each}") for each, label in zip(inputs, labels)]


def zones(already):
    found = []
    for each in folder(NOW, "sys/class/thermal"):
        place = f"sys/class/thermal/{each}"
        if each.startswith("thermal_zone"):
            found.append((word(NOW, f"{place}/type"), each, place))
    for (kind, _, place), name in zip(found, apart([(kind, each) for kind, each, _ in found])):
        critical = None
        for trip in range(12):
            if word(NOW, f"{place}/trip_point_{trip}_type") == "critical":
                critical = celsius(f"{place}/trip_point_{trip}_temp")
        # A zone may have a chip of its own as well, whose name has no dash.
        if kind.replace("-", "_") not in already:
            yield {"name": name, "celsius": celsius(f"{place}/temp"), "criticalCelsius": critical}


def battery(name):
    place = f"sys/class/power_supply/{name}"

    def value(file):
        found = whole(NOW, f"{place}/{file}")
        return None if found is None else Fraction(found)

    percent = value("capacity")
    if percent is None and value("energy_full"):
        percent = 100 * value("energy_now") / value("energy_full")
    if percent is None and value("charge_full"):
        percent = 100 * value("charge_now") / value("charge_full")
    watts = value("power_now")
    if watts is None and value("current_now") is not None:
        watts = value("current_now") * value("voltage_now") / 1_000_000
    charging = {"Charging": True, "Discharging": False, "Full": False, "Not charging": False}
    return {
        "name": name,
        "percent": number(percent),
        "charging": charging[word(NOW, f"{place}/status")],
        "watts": number(watts / 1_000_000),
    }


def sensor():
    temperatures, fans, with_temperature = [], [], set()
    for own, name, place in chips():
        for label, file in channels(place, name, "temp"):
            with_temperature.add(own)
            critical = celsius(f"{file}_crit")
            temperatures.append({"name": label, "celsius": celsius(f"{file}_input"), "criticalCelsius": critical})
        for label, file in channels(place, name, "fan"):
            fans.append({"name": label, "rpm": whole(NOW, f"{file}_input")})
    temperatures += zones(with_temperature)
    batteries = []
    for name in folder(NOW, "sys/class/power_supply"):
        place = f"sys/class/power_supply/{name}"
        own = word(NOW, f"{place}/type") == "Battery" and word(NOW, f"{place}/scope") != "Device"
        if own and word(NOW, f"{place}/present") != "0":
            batteries.append(battery(name))
    lists = {"temperatures": temperatures, "fans": fans, "batteries": batteries}
    if not any(lists.values()):
        return None
    return {field: sorted(things, key=lambda thing: natural(thing["name"])) for field, things in lists.items()}


# Graphics: Documentation/gpu/amdgpu/thermal.rst, Documentation/ABI/testing/sysfs-driver-intel-i915-hwmon

MAKERS = {"0x1002": "AMD", "0x10de": "NVIDIA", "0x8086": "Intel"}


def card_watts(chip):
    """As the driver averages it, or what it used of energy in the interval; both in millionths."""
    power = whole(NOW, f"{chip}/power1_average")
    if power is None and whole(NOW, f"{chip}/energy1_input") is not None:
        OF_INTERVAL.add("gpu.watts")
        power = rate(whole(NOW, f"{chip}/energy1_input"), whole(BEFORE, f"{chip}/energy1_input"))
    return None if power is None else Fraction(power) / 1_000_000


def gpu():
    cards = []
    for card in folder(NOW, "sys/class/drm"):
        place = f"sys/class/drm/{card}/device"
        vendor = word(NOW, f"{place}/vendor")
        # What a remote console draws with is no graphics processor.
        if not re.fullmatch(r"card\d+", card) or vendor not in MAKERS:
            continue
        ids = f"{MAKERS[vendor]} {vendor[2:]}:{word(NOW, f'{place}/device')[2:]}"
        chip = f"{place}/hwmon/{(folder(NOW, f'{place}/hwmon') or ['none'])[0]}"
        reading = {
            "usage": whole(NOW, f"{place}/gpu_busy_percent"),
            "memoryTotalBytes": whole(NOW, f"{place}/mem_info_vram_total"),
            "memoryUsedBytes": whole(NOW, f"{place}/mem_info_vram_used"),
            "celsius": celsius(f"{chip}/temp1_input"),
            "watts": number(card_watts(chip)),
        }
        fault("gpu", *(f"cards.{field}" for field, value in reading.items() if value is None))
        cards.append((word(NOW, f"{place}/product_name") or ids, target(NOW, place), reading))
    named = zip(apart([(name, place) for name, place, _ in cards]), cards)
    listed = [{"name": name, **reading} for name, (_, _, reading) in named]
    return {"cards": sorted(listed, key=lambda card: natural(card["name"]))} if listed else None


if __name__ == "__main__":
    metrics = [cpu, memory, network, disk, filesystem, pressure, process, sensor, gpu]
    events = {metric.__name__: metric() for metric in metrics}
    faults = {metric: sorted(fields) for metric, fields in sorted(FAULTS.items())}
    expected = {"elapsedMs": ELAPSED, "events": events, "faults": faults, "ofInterval": sorted(OF_INTERVAL)}
    json.dump(expected, sys.stdout, indent=2, ensure_ascii=False)
    print()
