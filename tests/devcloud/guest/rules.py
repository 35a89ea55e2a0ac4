"""Security groups and address translation as nft rules."""
from guest.host import short

NO_ADDRESS = "255.255.255.255"      # because a set must not be empty


def router(outer, floating, near):
    """Returns a router's table. outer: its interface to the public network, if it has one; floating: floating address -> fixed address;
    near: the ranges that it routes to. Packets to other addresses are rejected at once, so that no name lookup has to time out."""
    outer = outer or "none"
    inward = elements(floating.items())
    outward = elements((fixed, address) for address, fixed in floating.items())
    near = ", ".join(sorted(near)) or NO_ADDRESS
    return f"""table ip nat {{}}
delete table ip nat
table ip nat {{
  map inward {{ type ipv4_addr : ipv4_addr; {inward} }}
  map outward {{ type ipv4_addr : ipv4_addr; {outward} }}
  chain before {{ type nat hook prerouting priority dstnat;
    iifname != "{outer}" ip daddr {{ {', '.join(sorted(floating)) or NO_ADDRESS} }} meta mark set 1
    dnat to ip daddr map @inward
  }}
  chain after {{ type nat hook postrouting priority srcnat;
    meta mark 1 masquerade
    oifname "{outer}" snat to ip saddr map @outward
    oifname "{outer}" masquerade
  }}
  chain forward {{ type filter hook forward priority filter;
    ct state established,related accept
    ct status dnat accept
    iifname "{outer}" reject
    ip daddr != {{ {near} }} meta l4proto tcp reject with tcp reset
    ip daddr != {{ {near} }} reject
  }}
}}
"""


def elements(pairs):
    listed = ", ".join(f"{key} : {value}" for key, value in sorted(pairs))
    return f"elements = {{ {listed} }}" if listed else ""


def groups(world, bridges, plugs):
    """Returns the security groups of all guests' ports as rules on the bridges, which guests cannot change."""
    members = {}
    for port in world.ports:
        for group in port["security_groups"]:
            members.setdefault(group, set()).update(address for address, _ in world.addresses(port))
    chains, jumps = [], {"ingress": [], "egress": []}
    for port in (plug.port for plug in plugs if plug.port.get("port_security_enabled", True)):
        for direction, listed in jumps.items():
            chain = short(direction[0] + "_", port["id"])
            lines = sorted({rule(r, members) for group in port["security_groups"] for r in world.rules.get(group, [])
                           if r["direction"] == direction and r["ethertype"] == "IPv4"})
            chains.append("\n    ".join([f"  chain {chain} {{", *lines, "drop"]) + "\n  }")
            listed += [f'"{bridges[port["network_id"]]}" . {address} : jump {chain}' for address, _ in world.addresses(port)]
    # One zone per bridge separates connections of equal addresses in two networks.
    zones = ", ".join(f'"{bridge}" : {n}' for n, bridge in enumerate(sorted(bridges.values()), 1))
    lines = "\n".join(chains)
    return f"""table ip groups {{}}
delete table ip groups
table ip groups {{
{lines}
  chain zone {{ type filter hook prerouting priority raw;
    {f"ct zone set iifname map {{ {zones} }}" if zones else ""}
  }}
  chain egress {{
    {way("iifname . ip saddr", jumps["egress"])}
  }}
  chain forward {{ type filter hook forward priority filter;
    ct state established,related accept
    jump egress
    {way("oifname . ip daddr", jumps["ingress"])}
  }}
}}
"""


def way(key, jumps):
    return f"{key} vmap {{ {', '.join(jumps)} }}" if jumps else ""


def rule(r, members):
    """Returns one rule. An egress verdict is "return", because "accept" would end the hook before the ingress rules."""
    side = "saddr" if r["direction"] == "ingress" else "daddr"
    protocol, low, high = r["protocol"], r["port_range_min"], r["port_range_max"]
    parts = []
    if r["remote_group_id"]:
        parts.append(f"ip {side} {{ {', '.join(sorted(members.get(r['remote_group_id']) or [NO_ADDRESS]))} }}")
    if r["remote_ip_prefix"] and r["remote_ip_prefix"] != "0.0.0.0/0":
        parts.append(f"ip {side} {r['remote_ip_prefix']}")
    if protocol:
        parts.append(f"meta l4proto {protocol}")
    if protocol in ("tcp", "udp", "sctp", "6", "17") and low is not None:
        parts.append(f"th dport {low}-{high}")
    if protocol in ("icmp", "1") and low is not None:
        parts.append(f"icmp type {low}" + (f" icmp code {high}" if high is not None else ""))
    return " ".join([*parts, "accept" if r["direction"] == "ingress" else "return"])
