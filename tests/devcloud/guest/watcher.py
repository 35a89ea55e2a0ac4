"""Runs a guest for every active server of the cloud, and removes it with the server.

The watcher runs in its own namespaces. When its first process dies, for whatever reason, the kernel removes all its processes, mounts,
network namespaces and interfaces."""
import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import time

from cloud.process import stat
from cloud.state import CloudError
from guest import image
from guest.container import Guest
from guest.host import cgroups, end_cgroup, log, missing, sh
from guest.network import Network
from guest.world import Source, World

ROUND = 1           # seconds
RUNS = ("active", "resized", "paused", "suspended")     # vm_state of servers that have a guest
FROZEN = ("paused", "suspended")
NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000     # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID
PR_SET_PDEATHSIG = 1


class Watcher:
    def __init__(self, cloud):
        self.cloud, self.root = cloud, cloud.root / "guests"
        self.image, self.instances, self.record = self.root / "image", self.root / "instances", self.root / "process"
        self.consoles = cloud.data / "nova/instances"       # where Nova reads consoles (shims/devcloud_nova.py)
        self.cgroup = cgroups() / ("guests-" + hashlib.sha256(str(self.root).encode()).hexdigest()[:12])

    def build(self, force=False):
        self.root.mkdir(exist_ok=True)
        image.build(self.image, force)

    def run(self):
        """Runs until SIGTERM or SIGINT."""
        if reason := missing():
            raise CloudError(reason)
        self.build()
        lock = (self.root / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CloudError(f"guests of {self.cloud.root} run already") from None
        self.clean()
        for console in self.consoles.glob("*/console.log"):
            shutil.rmtree(console.parent)
        self.instances.mkdir()
        self.cgroup.mkdir()
        self.record.write_text(f"{os.getpid()} {stat(os.getpid())[2]}")

        def stop(*_):
            self.clean()
            os._exit(0)
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        child = os.fork()
        if child == 0:
            self.enter()
        os.waitpid(child, 0)
        self.clean()
        raise CloudError("the watcher has exited")

    def enter(self):
        """Enters the cgroup and new namespaces, whose first process watches the cloud."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)        # Ctrl-C goes to the process that cleans up
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        (self.cgroup / "cgroup.procs").write_text("0")
        if libc.unshare(NAMESPACES):
            raise OSError(ctypes.get_errno(), "unshare")
        inner = os.fork()
        if inner == 0:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            self.follow()
        os.waitpid(inner, 0)
        os._exit(1)

    def follow(self):
        for mount in (("--make-rprivate", "/"), ("-t", "proc", "proc", "/proc"), ("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"),
                      ("-t", "cgroup2", "cgroup2", "/sys/fs/cgroup")):
            sh("mount", *mount)
        source, network, guests, logged = Source(self.cloud), Network(), {}, None
        log("guests follow the cloud")
        while True:
            began = time.monotonic()
            try:
                self.step(World(source), network, guests)
                logged = None
            except Exception as e:      # an unavailable API must not stop the guests
                source.until = 0
                if logged != (logged := f"{type(e).__name__} {e}"):
                    log("error:", logged)
            time.sleep(max(0.1, began + ROUND - time.monotonic()))

    def step(self, world, network, guests):
        for id in [id for id in guests if id not in world.servers]:
            guests[id].remove()
            network.drop_space(guests[id].space)
            log("removed", id, guests.pop(id).name)
        plugged, begin = [], []
        for id, server in world.servers.items():
            state = server["OS-EXT-STS:vm_state"]
            if id not in guests:
                if state not in RUNS:
                    continue
                guests[id] = Guest(server, self.image, self.instances, self.consoles / id / "console.log")
                network.space(guests[id].space)
            guest = guests[id]
            self.apply_actions(guest, server, world)
            if state not in RUNS:
                guest.stop(8)
                guest.on = True
            plugs = guest.plugs(world.ports_of(id))
            plugged += plugs
            if guest.reap() and state in RUNS and guest.on:
                begin.append((guest, server, plugs))
            else:
                guest.freeze(state in FROZEN)
        network.sync(world, plugged)
        for guest, server, plugs in begin:
            guest.start(server, plugs, world)

    def apply_actions(self, guest, server, world):
        """Applies reboots and rebuilds, which do not change the state of a server."""
        if guest.actions is not None and server["updated"] == guest.updated:
            return
        actions = world.actions(guest.id)
        new = {actions[request] for request in actions.keys() - (guest.actions or {}).keys()} if guest.process else set()
        guest.actions, guest.updated = actions, server["updated"]
        if new:
            guest.stop(0 if "rebuild" in new else 5)
            guest.on, guest.wipe = True, "rebuild" in new

    def stop(self):
        """Stops the watcher and all guests; keeps only the image and the consoles."""
        try:
            pid, began = map(int, self.record.read_text().split())
        except (OSError, ValueError):
            pid, began = 0, 0
        if pid and (found := stat(pid)) and found[2] == began:
            os.kill(pid, signal.SIGTERM)
            while (found := stat(pid)) and found[2] == began and found[0] not in "ZX":
                time.sleep(0.05)
        self.clean()

    def clean(self):
        end_cgroup(self.cgroup)
        shutil.rmtree(self.instances, ignore_errors=True)
        self.record.unlink(missing_ok=True)
