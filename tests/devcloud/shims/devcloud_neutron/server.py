"""The API in one process: the other workers of neutron-server only serve agents."""
from neutron.common import eventlet_utils

eventlet_utils.monkey_patch()

from sqlalchemy.orm import Mapper, relationships  # noqa: E402


OF_NETWORKS = "NetworkSegment", "SegmentHostMapping", "SubnetServiceType"


def load_related_by_id():
    """Loads related rows by id ("selectin"). Neutron uses "subquery", which wraps each query again for each kind of related rows:
    half of a request's time goes into generating that SQL. Relations that the other side declares, mostly of ports, stay as they
    are, because a port that is being created would lack them."""
    init = relationships.RelationshipProperty.__init__

    def init_by_id(self, argument, *arguments, lazy="select", **options):
        by_id = lazy == "subquery" and (not isinstance(argument, Mapper) or argument.class_.__name__ in OF_NETWORKS)
        init(self, argument, *arguments, lazy="selectin" if by_id else lazy, **options)
    relationships.RelationshipProperty.__init__ = init_by_id


load_related_by_id()

from neutron import server, service  # noqa: E402
from neutron.plugins.ml2 import ovo_rpc  # noqa: E402

# it would read each changed object again to notify agents
ovo_rpc.OVOServerRpcInterface = object


def main():
    return server.boot_server(lambda: service.serve_wsgi(service.NeutronApiService).wait())
