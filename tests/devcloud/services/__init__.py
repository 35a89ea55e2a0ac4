"""All services, in the order in which they are listed."""
from services.glance import Glance
from services.heat import Heat
from services.keystone import Keystone
from services.mariadb import MariaDB
from services.memcached import Memcached
from services.neutron import Neutron
from services.nova import Nova
from services.octavia import Octavia
from services.placement import Placement
from services.rabbitmq import RabbitMQ
from services.swift import Swift

# Others start when these are up; nova-scheduler exits if the catalog has no Placement.
FOUNDATION = (Memcached, RabbitMQ, MariaDB, Keystone, Placement)
ALL = {service.__name__.lower(): service
       for service in (*FOUNDATION, Glance, Neutron, Nova, Swift, Heat, Octavia)}


def select(names):
    """Returns the named services and their dependencies, in order."""
    wanted = set()

    def add(name):
        if name not in wanted:
            wanted.add(name)
            for need in ALL[name].needs:
                add(need)

    for name in names:
        add(name)
    return [ALL[name] for name in ALL if name in wanted]
