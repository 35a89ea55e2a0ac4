"""A snapshot of Nova and Neutron, as the administrator sees it."""
import time

from cloud.api import Api

TOKEN = 1800        # seconds for which a token is used; Keystone's are valid for an hour
COMPUTE = {"OpenStack-API-Version": "compute 2.90"}


class Source:
    """Queries the APIs of the cloud."""

    def __init__(self, cloud):
        self.cloud, self.api, self.until = cloud, None, 0

    def nova(self, path):
        return self.client().call("GET", "nova", "/v2.1" + path, headers=COMPUTE)

    def neutron(self, plural):
        return self.client().get("neutron", f"/v2.0/{plural}")[plural.replace("-", "_")]

    def client(self):
        if time.monotonic() > self.until:
            self.api, self.until = Api(self.cloud, "admin", "admin"), time.monotonic() + TOKEN
        return self.api


class World:
    def __init__(self, source):
        self.source = source
        self.servers = {s["id"]: s for s in source.nova("/servers/detail?all_tenants=1")["servers"]}
        self.ports = source.neutron("ports")
        self.floating = source.neutron("floatingips")
        self.subnets = {s["id"]: s for s in source.neutron("subnets")}
        self.networks = {n["id"]: n for n in source.neutron("networks")}
        self.rules = {}
        for rule in source.neutron("security-group-rules"):
            self.rules.setdefault(rule["security_group_id"], []).append(rule)

    def addresses(self, port):
        """Returns the IPv4 addresses of a port, with their subnets."""
        return [(ip["ip_address"], self.subnets[ip["subnet_id"]]) for ip in port["fixed_ips"] if ":" not in ip["ip_address"]]

    def ports_of(self, server):
        return sorted((p for p in self.ports if p["device_id"] == server), key=lambda p: p["created_at"])

    def actions(self, server):
        """Returns the reboots and rebuilds of a server, by request id."""
        actions = self.source.nova(f"/servers/{server}/os-instance-actions")["instanceActions"]
        return {a["request_id"]: a["action"] for a in actions if a["action"] in ("reboot", "rebuild")}

    def public_key(self, server):
        if not server["key_name"]:
            return None
        return self.source.nova(f"/os-keypairs/{server['key_name']}?user_id={server['user_id']}")["keypair"]["public_key"]


def prefix(subnet):
    return int(subnet["cidr"].split("/")[1])
