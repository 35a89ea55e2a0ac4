from cloud.service import Service

BACKENDS = ("account", "container", "object")


class Swift(Service):
    """Objects: a proxy, and one server each for accounts, containers and objects on a ring of one device."""
    needs = ("keystone", "memcached")
    health = "/healthcheck"
    listens = tuple("swift-" + backend for backend in BACKENDS)
    catalog = ("object-store", "/v1/AUTH_%(tenant_id)s")

    def programs(self):
        return {f"swift-{name}": self.python(f"swift-{name}-server", "devcloud_swift:serve", self.conf / f"{name}-server.conf")
                for name in (*BACKENDS, "proxy")}

    def prepare(self):
        (self.data / "device").mkdir(exist_ok=True)
        if not (self.conf / "object.ring.gz").exists():
            self.run("swift-ring", self.python("swift-ring", "devcloud_swift:rings", self.conf,
                                               *(f"{b}={self.cloud.port('swift-' + b)}" for b in BACKENDS)))
