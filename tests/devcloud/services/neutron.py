from cloud.api import Api
from cloud.service import Service


class Neutron(Service):
    """Networks, addresses and security groups, as records: there are no agents, so ports are ACTIVE at once (shims/devcloud_neutron)."""
    needs = ("keystone",)
    databases = ("neutron",)
    package = "python3-neutron"
    health = "/"
    catalog = ("network", "")

    def programs(self):
        return {"neutron-server": self.python("neutron-server", "devcloud_neutron.server:main",
                                              "--config-file", self.conf / "neutron.conf")}

    def schema(self):
        self.manage("neutron-db-manage", "neutron.db.migration.cli:main",
                    ("--config-file", self.conf / "neutron.conf", "upgrade", "heads"))

    def seed(self):
        """The administrator's public network, the demo project's private one, and a router between them."""
        admin, demo = Api(self.cloud, "admin", "admin"), Api(self.cloud, "demo", "demo")
        public = network(admin, "public", {"router:external": True, "provider:network_type": "flat",
                                           "provider:physical_network": "public"})
        subnet(admin, "public-subnet", public, {"cidr": "172.24.0.0/20", "gateway_ip": "172.24.0.1", "enable_dhcp": False})
        private = network(demo, "private", {})
        inner = subnet(demo, "private-subnet", private, {"cidr": "10.0.0.0/20", "dns_nameservers": ["9.9.9.9"]})
        router = demo.ensure("neutron", "/v2.0/routers", "router", "router1",
                             {"external_gateway_info": {"network_id": public["id"]}})
        interface = {"device_id": router["id"], "device_owner": "network:router_interface"}
        if not demo.get("neutron", "/v2.0/ports", **interface)["ports"]:
            demo.call("PUT", "neutron", f"/v2.0/routers/{router['id']}/add_router_interface", {"subnet_id": inner["id"]})


def network(api, name, body):
    return api.ensure("neutron", "/v2.0/networks", "network", name, body)


def subnet(api, name, network, body):
    return api.ensure("neutron", "/v2.0/subnets", "subnet", name, {"network_id": network["id"], "ip_version": 4, **body})
