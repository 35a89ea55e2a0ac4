"""Neutron without agents: reports at once what they would report."""
