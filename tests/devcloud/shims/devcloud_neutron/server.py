"""The API in one process: the workers that neutron-server starts beside it would only talk to agents."""
from neutron.common import eventlet_utils

eventlet_utils.monkey_patch()

from neutron import server, service  # noqa: E402


def main():
    return server.boot_server(lambda: service.serve_wsgi(service.NeutronApiService).wait())
