"""The API in one process: the workers that neutron-server starts beside it would only talk to agents."""
from neutron.common import eventlet_utils

eventlet_utils.monkey_patch()

from sqlalchemy.orm import Mapper, relationships  # noqa: E402


OF_NETWORKS = "NetworkSegment", "SegmentHostMapping", "SubnetServiceType"


def load_related_by_id():
    """Neutron lets SQLAlchemy wrap each query once more for each kind of related rows ("subquery"): half of a request's time
    goes into writing that SQL. Asking for the related rows by id ("selectin") gives the same ones; not where the other side
    declares the relation, of ports mostly, since a port that is being created then lacks them."""
    init = relationships.RelationshipProperty.__init__

    def init_by_id(self, argument, *arguments, lazy="select", **options):
        by_id = lazy == "subquery" and (not isinstance(argument, Mapper) or argument.class_.__name__ in OF_NETWORKS)
        init(self, argument, *arguments, lazy="selectin" if by_id else lazy, **options)
    relationships.RelationshipProperty.__init__ = init_by_id


load_related_by_id()

from neutron import server, service  # noqa: E402
from neutron.plugins.ml2 import ovo_rpc  # noqa: E402

# it would read each changed thing once more, to tell agents of it
ovo_rpc.OVOServerRpcInterface = object


def main():
    return server.boot_server(lambda: service.serve_wsgi(service.NeutronApiService).wait())
