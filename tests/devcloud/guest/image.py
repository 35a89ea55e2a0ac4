"""The root file system of all guests, built once from the machine's own package sources."""
import hashlib
import shutil
import time
from pathlib import Path

from guest.host import log, sh

INSTALLED = """systemd systemd-sysv dbus cloud-init openssh-server sudo curl ca-certificates python3-minimal iproute2 iputils-ping procps
    netbase libssl3""".split()
# What user data can apt-get install: guests have no way to a package registry, so that it lies in the image.
OFFERED = "postgresql rabbitmq-server haproxy".split()

FILES = {
    "etc/cloud/cloud.cfg.d/90_guest.cfg": """\
datasource_list: [ConfigDrive, None]
system_info: {network: {renderers: [networkd]}}
ssh_genkeytypes: [ed25519]
ssh: {emit_keys_to_console: false}
no_ssh_fingerprints: true
apt: {preserve_sources_list: true}
cloud_init_modules: [bootcmd, write-files, set_hostname, update_hostname, update_etc_hosts, ca-certs, users-groups, ssh]
cloud_config_modules: [set-passwords, timezone, runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-vendor, scripts-per-once, scripts-per-boot,
  scripts-per-instance, scripts-user, phone-home, final-message, power-state-change]
""",
    "etc/cloud/ds-identify.cfg": "policy: enabled\n",
    "etc/apt/sources.list": "deb [trusted=yes] file:/opt/debs ./\n",
    "etc/systemd/journald.conf.d/guest.conf": "[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n",
    # else each interface waits two seconds for an IPv6 address of its own
    **{f"etc/systemd/network/10-cloud-init-eth{n}.network.d/ipv4.conf": "[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n" for n in range(4)},
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 0\n",
    "etc/machine-id": "",       # an absent one would mean "first boot", and enable everything again
    "etc/fstab": "",
}

# What a container does not need, or waits for in vain.
MASKED = [name + ".service" for name in """systemd-resolved systemd-timesyncd systemd-update-utmp systemd-logind systemd-networkd-wait-online
    systemd-network-generator systemd-pstore systemd-udevd systemd-udev-trigger systemd-modules-load modprobe@ console-getty e2scrub_reap
    """.split()] + """apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer getty.target
    cloud-init-hotplugd.service cloud-init-hotplugd.socket sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount
    systemd-ask-password-console.path systemd-ask-password-wall.path""".split()


def build(target, force=False):
    """Builds the image in a directory, unless it is there as this file describes it."""
    key = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    if not force and (target / "key").exists() and (target / "key").read_text() == key:
        return
    started, new = time.monotonic(), target.with_name("image.new")
    root = new / "root"
    log("the image is being built")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    sources = [p for p in (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")) if p.exists()][:1]
    sh("mmdebstrap", "--variant=minbase", "--include=" + ",".join(INSTALLED),
       *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("man", "doc", "locale", "info")),
       '--customize-hook=chroot "$1" apt-get install -y --no-install-recommends --download-only '
       "-o APT::Keep-Downloaded-Packages=1 " + " ".join(OFFERED),
       '--customize-hook=mkdir -p "$1/opt/debs" && mv "$1"/var/cache/apt/archives/*.deb "$1/opt/debs"',
       "bookworm", root, *sources)
    offer(root)
    for left in (*root.glob("etc/ssh/ssh_host_*"), *root.glob("etc/apt/sources.list.d/*"), root / "etc/hostname"):
        left.unlink(missing_ok=True)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).unlink(missing_ok=True)
        (root / name).write_text(text)
    sh("chroot", root, "systemctl", "mask", *MASKED)
    sh("chroot", root, "systemctl", "enable", "systemd-networkd.service", "ssh.service")
    (new / "key").write_text(key)
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
    log(f"the image is built, in {time.monotonic() - started:.0f} s, {sh('du', '-sm', target).stdout.split()[0]} MiB")


def offer(root):
    """The index of the packages in opt/debs; the lists that the build has fetched name a mirror that guests cannot reach."""
    shutil.rmtree(root / "var/lib/apt/lists", ignore_errors=True)
    for cache in root.glob("var/cache/apt/*.bin"):
        cache.unlink()
    index = [sh("dpkg-deb", "-f", deb).stdout + f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\n"
             f"SHA256: {hashlib.sha256(deb.read_bytes()).hexdigest()}\n" for deb in sorted(root.glob("opt/debs/*.deb"))]
    (root / "opt/debs/Packages").write_text("\n".join(index))
