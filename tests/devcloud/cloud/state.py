"""A cloud: its directory, its address and ports, and the configuration files from the templates."""
import fcntl
import grp
import hashlib
import json
import os
import pwd
import shutil
import socket
import string
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TEMPLATES = HERE / "templates"
SHIMS = HERE / "shims"
PASSWORD = "devcloud"
REGION = "RegionOne"
FORMAT = 1      # of the state directory; other formats are rejected

# The port of a name is the cloud's first port plus the index here, so append new names.
PORTS = ("keystone", "glance", "placement", "neutron", "nova", "swift", "heat", "octavia",
         "mariadb", "memcached", "rabbitmq", "rabbitmq-distribution", "epmd",
         "swift-account", "swift-container", "swift-object")
BLOCK = 20


class CloudError(Exception):
    """An error that is shown to the user without a stack trace."""


class Cloud:
    def __init__(self, root=None):
        self.root = Path(root or os.environ.get("DEVCLOUD") or default_directory()).absolute()
        self.conf, self.data, self.log, self.run, self.home = (
            self.root / name for name in ("conf", "data", "log", "run", "home"))
        self.file = self.root / "devcloud.json"
        self.clouds_yaml = self.root / "clouds.yaml"
        self.user, self.group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name

    def exists(self):
        return self.file.exists()

    def open(self, address=None, first_port=None):
        """Reads the settings of the cloud, or sets them at the first start."""
        if not self.exists():
            if any(path.name != "guests" for path in self.root.iterdir()):
                raise CloudError(f"{self.root} is neither empty nor a cloud of this program: name another directory in DEVCLOUD")
            address = address or "127.0.0.1"
            first_port = first_port or free_block(self.root, address)
            self.file.write_text(json.dumps({"format": FORMAT, "address": address, "first_port": first_port}) + "\n")
        settings = json.loads(self.file.read_text())
        if settings["format"] != FORMAT:
            raise CloudError(f"{self.root} was created by another version: remove it with {HERE}/down --wipe")
        self.address, self.first_port = settings["address"], settings["first_port"]
        for wanted, kept in ((address, self.address), (first_port, self.first_port)):
            if wanted and wanted != kept:
                raise CloudError(f"the cloud in {self.root} keeps {kept}, not {wanted}: {HERE}/down --wipe first")
        for directory in (self.conf, self.data, self.log, self.run, self.home):
            directory.mkdir(mode=0o700, exist_ok=True)

    def lock(self):
        """Locks the directory until the program exits: only one up or down runs at a time."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock_handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(self.lock_handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another up or down works on {self.root}, waiting for it")
            fcntl.flock(self.lock_handle, fcntl.LOCK_EX)

    def wipe(self):
        """Removes the files of this program, and the directory if nothing else is in it."""
        for path in (self.conf, self.data, self.log, self.run, self.home, self.root / "guests"):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.clouds_yaml, self.file):
            path.unlink(missing_ok=True)
        if not any(self.root.iterdir()):
            self.root.rmdir()

    def port(self, name):
        return self.first_port + PORTS.index(name)

    def url(self, name):
        return f"http://{self.address}:{self.port(name)}"

    def render(self, service):
        """templates/SERVICE/* -> conf/SERVICE/*"""
        values = self.values()
        target = self.conf / service
        target.mkdir(exist_ok=True)
        for template in sorted((TEMPLATES / service).glob("*")):
            (target / template.name).write_text(fill(template, values))
        self.clouds_yaml.write_text(fill(TEMPLATES / "clouds.yaml", values))

    def values(self):
        """Returns the values for templates: $address, $port_nova, $conf... and the files of templates/shared as $credentials..."""
        values = {"address": self.address, "password": PASSWORD, "region": REGION, "user": self.user,
                  "conf": self.conf, "data": self.data, "log": self.log, "run": self.run,
                  "keystone_url": self.url("keystone") + "/v3",
                  "database": f"mysql+pymysql://os:{PASSWORD}@127.0.0.1:{self.port('mariadb')}",
                  "transport_url": f"rabbit://openstack:{PASSWORD}@127.0.0.1:{self.port('rabbitmq')}/"}
        values |= {"port_" + name.replace("-", "_"): self.port(name) for name in PORTS}
        for shared in ("credentials", "authtoken", "messaging"):
            values[shared] = fill(TEMPLATES / "shared" / shared, values).rstrip("\n")
        return values


def default_directory():
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(state) / "faafo-devcloud"


def fill(template, values):
    try:
        return string.Template(template.read_text()).substitute(values)
    except (KeyError, ValueError) as e:
        raise CloudError(f"{template}: {e}") from e


def free_block(root, address):
    """Returns the first port of a free block, below the kernel's range for outgoing connections (32768 and up). The search starts
    at a hash of the directory, so that clouds that start at the same moment rarely collide."""
    blocks = range(20000, 32000, BLOCK)
    start = int(hashlib.sha256(str(root).encode()).hexdigest(), 16) % len(blocks)
    for i in range(len(blocks)):
        first = blocks[(start + i) % len(blocks)]
        if all(port_free(host, first + n) for n in range(len(PORTS)) for host in {"127.0.0.1", address}):
            return first
    raise CloudError("no free block of ports between 20000 and 32000")


def port_free(host, port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind((host, port))
        except OSError:
            return False
        return True


STARTED = time.monotonic()


def say(text):
    print(f"devcloud {time.monotonic() - STARTED:5.1f} s  {text}", file=sys.stderr, flush=True)
