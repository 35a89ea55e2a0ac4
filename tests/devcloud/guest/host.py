"""Requirements of guests on this machine: commands, a cgroup that stops all of them at once, and features of the kernel."""
import os
import subprocess
import time
from pathlib import Path

from cloud.state import CloudError

os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"    # Debian's programs, independent of the caller's path

# Each trial runs in namespaces that are discarded. If a feature is a module, the first trial loads it.
TRIALS = (
    ("namespaces of its own (CONFIG_NET_NS, CONFIG_PID_NS, CONFIG_IPC_NS, CONFIG_UTS_NS)", "true"),
    ("version 2 of cgroups (CONFIG_CGROUPS)", "mount -t cgroup2 cgroup2 /sys/fs/cgroup && test -e /sys/fs/cgroup/cgroup.procs"),
    ("overlay file systems (CONFIG_OVERLAY_FS)",
     "mount -t tmpfs tmpfs /mnt && mkdir /mnt/a /mnt/b /mnt/c /mnt/d && mount -t overlay overlay -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/c /mnt/d"),
    ("bridges and pairs of interfaces (CONFIG_BRIDGE, CONFIG_VETH)",
     "ip link add bridge0 type bridge && ip link add left type veth peer name right && ip link set left master bridge0"),
    ("firewalls on bridges (CONFIG_BRIDGE_NETFILTER)", "modprobe -q br_netfilter; sysctl -qw net.bridge.bridge-nf-call-iptables=1"),
    ("nftables with NAT, zones and rejection (CONFIG_NF_TABLES_IPV4, CONFIG_NFT_CT, CONFIG_NFT_NAT, CONFIG_NFT_MASQ, CONFIG_NFT_REJECT)",
     "nft 'table ip t { chain a { type nat hook postrouting priority srcnat; masquerade; }; chain b { type filter hook forward priority 0; "
     "ct state established accept; reject with tcp reset; }; chain c { type filter hook prerouting priority raw; ct zone set 1; }; }'"))


def missing():
    """What this machine lacks, in words; None if guests can run here."""
    if os.geteuid() != 0:
        return "guests need root"
    for program in ("systemd-nspawn", "mmdebstrap", "nft", "ip", "nsenter"):
        if not any((Path(folder) / program).exists() for folder in os.environ["PATH"].split(":")):
            return f"{program} is not installed (systemd-container mmdebstrap nftables iproute2 util-linux)"
    for what, trial in TRIALS:
        tried = sh("unshare", "--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "sh", "-c", trial, check=False)
        if tried.returncode:
            return f"the kernel has no {what}: {(tried.stderr or tried.stdout).strip()}"
    return None


def sh(*command, text=None, check=True):
    done = subprocess.run([str(word) for word in command], input=text, text=True, capture_output=True)
    if check and done.returncode:
        raise CloudError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}\n{text or ''}".rstrip())
    return done


def log(*what):
    print(time.strftime("%H:%M:%S"), *what, flush=True)


def short(prefix, uuid):
    """The name of an interface or namespace; the kernel takes 15 characters."""
    return prefix + uuid.replace("-", "")[:11]


def cgroups():
    """Returns the mount of cgroups version 2: /sys/fs/cgroup, or a directory below it next to version 1."""
    return next(Path(line.split()[1]) for line in open("/proc/mounts") if line.split()[2] == "cgroup2")


def end_cgroup(path):
    """Kills all processes in a cgroup and below, and removes it."""
    deadline = time.monotonic() + 20
    while path.exists():
        try:
            (path / "cgroup.kill").write_text("1")
            for below in sorted((p for p in path.rglob("*") if p.is_dir()), key=lambda p: -len(p.parts)):
                below.rmdir()
            path.rmdir()
        except OSError as e:
            if time.monotonic() > deadline:
                raise CloudError(f"{path} cannot be removed: {e}") from e
            time.sleep(0.05)
