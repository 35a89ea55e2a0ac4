"""Swift's servers and rings from a directory other than /etc/swift."""
import os
import sys


def serve():
    """swift-KIND-server FILE"""
    from swift.common import utils
    utils.set_swift_dir(os.path.dirname(sys.argv[1]))       # before anything else reads /etc/swift/swift.conf
    from swift.common.wsgi import run_wsgi
    conf_file, options = utils.parse_options()
    kind = sys.argv[0].removeprefix("swift-")
    if kind == "object-server":
        from swift.obj.server import global_conf_callback
        options["global_conf_callback"] = global_conf_callback
    return run_wsgi(conf_file, kind, **options)


def rings():
    """swift-ring DIRECTORY KIND=PORT..."""
    from swift.common.ring import RingBuilder
    directory, *kinds = sys.argv[1:]
    for kind, port in (word.split("=") for word in kinds):
        builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
        builder.add_dev({"region": 1, "zone": 1, "device": "device", "weight": 1.0, "meta": "",
                         "ip": "127.0.0.1", "port": int(port), "replication_ip": "127.0.0.1", "replication_port": int(port)})
        builder.rebalance()
        builder.get_ring().save(os.path.join(directory, kind + ".ring.gz"))
