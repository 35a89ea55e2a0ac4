"""Processes that outlive the program that starts them. Each leads its own session. Its record has its id, its start time and the
boot of the machine, so that a process that reuses the id is not mistaken for it."""
import os
import select
import signal
import subprocess
import time
from pathlib import Path

from cloud.state import CloudError

BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def stat(pid):
    """Returns (state, session, start time) of a process, or None if it does not exist."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return fields[0], int(fields[3]), int(fields[19])


class Process:
    def __init__(self, cloud, name):
        self.name = name
        self.log = cloud.log / f"{name}.log"
        self.record = cloud.run / f"{name}.process"

    @classmethod
    def recorded(cls, cloud):
        return [cls(cloud, path.stem) for path in sorted(cloud.run.glob("*.process"))]

    def start(self, command, environment):
        with self.log.open("wb") as log:
            child = subprocess.Popen(command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     start_new_session=True)
        found = stat(child.pid)
        self.record.write_text(f"{child.pid} {found[2]} {BOOT}\n")
        return child

    def identity(self):
        """Returns (id, start time), or None without a record of this boot."""
        try:
            pid, start, boot = self.record.read_text().split()
        except (FileNotFoundError, ValueError):
            return None
        return (int(pid), int(start)) if boot == BOOT else None

    def alive(self):
        identity = self.identity()
        if identity is None:
            return False
        found = stat(identity[0])
        return found is not None and found[0] not in "ZX" and found[2] == identity[1]

    def members(self):
        """Returns the ids of all processes of its session, including those that outlived it."""
        identity = self.identity()
        if identity is None:
            return []
        pid, start = identity
        leader = stat(pid)
        if leader and leader[2] != start:
            return []
        everyone = ((int(entry.name), stat(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [other for other, found in everyone if found and found[1] == pid and found[2] >= start and found[0] not in "ZX"]


def stop(processes, grace):
    """Sends SIGTERM, and SIGKILL to processes that still run after the grace period (in seconds)."""
    handles = set()
    for process in processes:
        for pid in process.members():
            try:
                handles.add(os.pidfd_open(pid))
            except ProcessLookupError:
                pass
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 10)):
        for handle in handles:
            try:
                signal.pidfd_send_signal(handle, number)
            except ProcessLookupError:
                pass
        handles = still_running(handles, seconds)
    if handles:
        raise CloudError(f"{len(handles)} processes do not exit")
    for process in processes:
        process.record.unlink(missing_ok=True)


def still_running(handles, seconds):
    deadline = time.monotonic() + seconds
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    handles = set(handles)
    while handles and (left := deadline - time.monotonic()) > 0:
        for handle, _ in poll.poll(left * 1000):
            poll.unregister(handle)
            os.close(handle)
            handles.discard(handle)
    return handles
