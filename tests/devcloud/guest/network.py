"""Creates and deletes bridges, routers, ports and rules to match Neutron.

A network is a bridge in the namespace "fabric"; a router is a namespace; a port is a pair of interfaces from the bridge into the namespace of
a router or a guest, with Neutron's MAC address; an external network is also an interface of the machine, with the gateway's address."""
from typing import NamedTuple

from guest import rules
from guest.host import sh, short
from guest.world import prefix

FABRIC = "fabric"


class Plug(NamedTuple):
    """A guest's port: the namespace and the name that its interface has there."""
    port: dict
    space: str
    name: str


class Network:
    def __init__(self):
        self.spaces, self.links, self.addresses, self.tables, self.outside = set(), {}, {}, {}, {}
        self.space(FABRIC)
        self.inside(FABRIC, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1")

    def sync(self, world, plugs):
        bridges = {id: self.bridge(network, world) for id, network in world.networks.items()}
        joined = {}
        for port in world.ports:
            if port["device_owner"] in ("network:router_interface", "network:router_gateway"):
                joined.setdefault(port["device_id"], []).append(port)
        for router, ports in joined.items():
            self.router(router, ports, bridges, world)
        for plug in plugs:
            self.port(plug.port, bridges, world, plug.space, plug.name)
        wanted = {short("t", port["id"]) for port in (*(p for ports in joined.values() for p in ports), *(plug.port for plug in plugs))}
        for link in [link for link in self.links if link[0] == "t" and link not in wanted]:
            sh("ip", "-n", FABRIC, "link", "del", link, check=False)
            del self.links[link]
        for space in [space for space in self.spaces if space[0] == "r" and space not in {short("r", router) for router in joined}]:
            self.drop_space(space)
        for bridge in [link for link in self.links if link[0] == "n" and link not in bridges.values()]:
            sh("ip", "-n", FABRIC, "link", "del", bridge, check=False)
            if outside := self.outside.pop(bridge, None):
                sh("ip", "link", "del", outside, check=False)
            del self.links[bridge]
        self.table(FABRIC, rules.groups(world, bridges, plugs))

    def space(self, name):
        if name not in self.spaces:
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
            self.inside(name, "sysctl", "-qw", f"net.ipv4.ip_forward={int(name[0] == 'r')}")
            self.spaces.add(name)

    def drop_space(self, name):
        """Deletes a namespace; the kernel deletes its interfaces and their peers."""
        sh("ip", "netns", "del", name, check=False)
        self.spaces.discard(name)
        self.tables.pop(name, None)
        self.links = {link: space for link, space in self.links.items() if space != name}
        self.addresses = {at: addresses for at, addresses in self.addresses.items() if at[0] != name}

    def inside(self, space, *command, text=None):
        sh("nsenter", f"--net=/run/netns/{space}", *command, text=text)

    def table(self, space, text):
        if self.tables.get(space) != text:
            self.inside(space, "nft", "-f", "-", text=text)
            self.tables[space] = text

    def bridge(self, network, world):
        name = short("n", network["id"])
        if name in self.links:
            return name
        sh("ip", "-n", FABRIC, "link", "add", name, "mtu", network["mtu"], "type", "bridge", "forward_delay", 0)
        sh("ip", "-n", FABRIC, "link", "set", name, "up")
        self.links[name] = FABRIC
        if network["router:external"]:
            self.outside[name] = outside = short("g", network["id"])
            sh("ip", "link", "add", outside, "type", "veth", "peer", "name", outside, "netns", FABRIC)
            sh("ip", "-n", FABRIC, "link", "set", outside, "master", name, "up")
            for subnet in world.subnets.values():
                if subnet["network_id"] == network["id"]:
                    sh("ip", "address", "replace", f"{subnet['gateway_ip']}/{prefix(subnet)}", "dev", outside)
            sh("ip", "link", "set", outside, "up")
        return name

    def router(self, id, ports, bridges, world):
        space, outer = short("r", id), None
        if space not in self.spaces:
            self.space(space)
            sh("ip", "-n", space, "route", "add", "unreachable", "default", "metric", 9999)
        floating = {f["floating_ip_address"]: f["fixed_ip_address"] for f in world.floating if f["router_id"] == id and f["port_id"]}
        for port in ports:
            link = short("p", port["id"])
            self.port(port, bridges, world, space, link)
            own = {f"{address}/{prefix(subnet)}" for address, subnet in world.addresses(port)}
            if port["device_owner"] == "network:router_gateway":
                outer = link
                own |= {f"{address}/32" for address in floating}
            self.address(space, link, own)
        if outer:
            sh("ip", "-n", space, "route", "replace", "default", "dev", outer)
        networks = {port["network_id"] for port in ports}
        near = {s["cidr"] for s in world.subnets.values() if s["network_id"] in networks and s["ip_version"] == 4}
        self.table(space, rules.router(outer, floating, near))

    def port(self, port, bridges, world, space, name):
        link, mtu = short("t", port["id"]), world.networks[port["network_id"]]["mtu"]
        if link not in self.links:
            sh("ip", "-n", FABRIC, "link", "add", link, "mtu", mtu, "type", "veth",
               "peer", "name", name, "address", port["mac_address"], "mtu", mtu, "netns", space)
            sh("ip", "-n", FABRIC, "link", "set", link, "master", bridges[port["network_id"]], "up")
            sh("ip", "-n", space, "link", "set", name, "up")
            self.links[link] = space

    def address(self, space, link, wanted):
        have = self.addresses.get((space, link), set())
        for address in wanted - have:
            sh("ip", "-n", space, "address", "replace", address, "dev", link)
        for address in have - wanted:
            sh("ip", "-n", space, "address", "del", address, "dev", link, check=False)
        # The machine may have cached the MAC address of a router that had the address before.
        for address in wanted ^ have:
            for outside in self.outside.values():
                sh("ip", "neighbour", "flush", "to", address.split("/")[0], "dev", outside, check=False)
        self.addresses[space, link] = wanted
