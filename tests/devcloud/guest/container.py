"""One guest: an overlay over the image, a network namespace with its server's ports, a cgroup, and a systemd in it."""
import base64
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from guest.host import end_cgroup, log, sh, short
from guest.network import Plug

REBOOT = 133        # exit code of systemd-nspawn --keep-unit when the guest reboots


class Guest:
    def __init__(self, server, image, instances, console):
        self.id, self.name, self.updated = server["id"], server["name"], server["updated"]
        self.image, self.folder, self.console = image, instances / self.id, console
        self.space, self.cgroup = short("g", self.id), Path("/sys/fs/cgroup") / self.id
        self.process, self.kill_at, self.mounted, self.wipe, self.actions, self.names = None, 0, False, False, None, {}
        self.on = True      # False after it powered itself off

    def plugs(self, ports):
        """Returns the ports of the server, each with a stable interface name."""
        for port in ports:
            self.names.setdefault(port["id"], f"eth{len(self.names)}")
        return [Plug(port, self.space, self.names[port["id"]]) for port in ports]

    def start(self, server, plugs, world):
        root = self.folder / "root"
        if not self.mounted:
            shutil.rmtree(self.folder / "work", ignore_errors=True)     # overlay rejects one that was in use at a crash
            for name in ("upper", "work", "root"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            sh("mount", "-t", "overlay", "overlay", "-o",
               f"lowerdir={self.image}/root,upperdir={self.folder}/upper,workdir={self.folder}/work,volatile", root)
            self.mounted = True
        nameservers = self.seed(root / "var/lib/cloud/seed/config_drive/openstack/latest", server, plugs, world)
        for name, text in (("etc/machine-id", self.id.replace("-", "") + "\n"),
                           ("etc/resolv.conf", "".join(f"nameserver {address}\n" for address in nameservers))):
            (root / name).unlink(missing_ok=True)
            (root / name).write_text(text)
        self.cgroup.mkdir(exist_ok=True)
        self.console.parent.mkdir(parents=True, exist_ok=True)
        # nsenter instead of nspawn's option, with which the guest would see the machine's interfaces in /sys.
        command = ["nsenter", f"--net=/run/netns/{self.space}", "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--boot",
                   "--console=read-only", f"--machine={self.space}", "--directory", root, "--capability=CAP_NET_ADMIN",
                   f"--hostname={server['OS-EXT-SRV-ATTR:hostname'][:63]}", "--resolv-conf=off", "--timezone=off", "--link-journal=no"]
        with self.console.open("ab") as console:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                env={"PATH": os.environ["PATH"], "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network"},
                preexec_fn=lambda: (self.cgroup / "cgroup.procs").write_text("0"))
        log("started", self.id, self.name)

    def seed(self, latest, server, plugs, world):
        """Writes an OpenStack configuration drive as a directory that cloud-init finds. Returns the name servers."""
        links, networks, nameservers = [], [], []
        for plug in plugs:
            links.append({"id": plug.name, "type": "phy", "ethernet_mac_address": plug.port["mac_address"], "vif_id": plug.port["id"],
                          "mtu": world.networks[plug.port["network_id"]]["mtu"]})
            for address, subnet in world.addresses(plug.port):
                default = [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": subnet["gateway_ip"]}]
                networks.append({"id": f"network{len(networks)}", "type": "ipv4", "link": plug.name, "ip_address": address,
                                 "netmask": str(ipaddress.ip_network(subnet["cidr"]).netmask), "network_id": plug.port["network_id"],
                                 "routes": default if subnet["gateway_ip"] and not networks else []})
                nameservers += [address for address in subnet["dns_nameservers"] if address not in nameservers]
        key = world.public_key(server)
        latest.mkdir(parents=True, exist_ok=True)
        (latest / "meta_data.json").write_text(json.dumps({
            "uuid": self.id, "name": server["name"], "hostname": server["OS-EXT-SRV-ATTR:hostname"], "launch_index": 0,
            "project_id": server["tenant_id"], "availability_zone": server["OS-EXT-AZ:availability_zone"], "meta": server["metadata"],
            "public_keys": {server["key_name"]: key} if key else {}}))
        (latest / "network_data.json").write_text(json.dumps({
            "links": links, "networks": networks, "services": [{"type": "dns", "address": address} for address in nameservers]}))
        (latest / "user_data").write_bytes(base64.b64decode(server["OS-EXT-SRV-ATTR:user_data"] or ""))
        return nameservers

    def stop(self, seconds):
        """Shuts the guest down; kills it if it still runs after the given seconds."""
        if self.process and not self.kill_at:
            self.kill_at = time.monotonic() + seconds
            self.process.send_signal(signal.SIGTERM)
        if self.process and time.monotonic() >= self.kill_at:
            end_cgroup(self.cgroup)

    def reap(self):
        """Whether the guest has stopped. Must be called in every round."""
        if self.process and self.kill_at:
            self.stop(0)
        if self.process and self.process.poll() is not None:
            self.on = self.process.returncode == REBOOT or bool(self.kill_at)
            self.process, self.kill_at = None, 0
            end_cgroup(self.cgroup)
            log("stopped", self.id, self.name)
            if self.wipe:
                self.remove()
        return self.process is None

    def freeze(self, frozen):
        if self.process and (self.cgroup / "cgroup.freeze").exists():
            (self.cgroup / "cgroup.freeze").write_text(str(int(frozen)))

    def remove(self):
        """Kills the guest and deletes its files."""
        end_cgroup(self.cgroup)
        if self.process:
            self.process.wait()
        sh("umount", "-l", self.folder / "root", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.process, self.mounted, self.wipe = None, False, False
