from cloud.service import Service


class Memcached(Service):
    """Caches tokens for Keystone, for the services that validate them, and for Swift."""
    listens = ("memcached",)

    def programs(self):
        return {"memcached": ["memcached", "-u", self.cloud.user, "-l", "127.0.0.1", "-p", self.cloud.port("memcached"),
                              "-m", 32, "-t", 1]}
