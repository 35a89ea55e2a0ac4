"""Neutron without agents: what they would report is true at once."""
