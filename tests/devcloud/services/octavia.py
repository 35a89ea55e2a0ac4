from cloud.service import Service


class Octavia(Service):
    """Load balancers, as records only: all drivers are no-op drivers."""
    needs = ("keystone", "rabbitmq")
    databases = ("octavia",)
    package = "python3-octavia"
    health = "/"
    queues = ("octavia_prov",)
    catalog = ("load-balancer", "")

    def programs(self):
        conf = self.conf / "octavia.conf"
        return {"octavia-api": self.uwsgi("octavia.api.app:setup_app", 2, arguments=f"--config-file {conf}"),
                "octavia-worker": self.python("octavia-worker", "octavia.cmd.octavia_worker:main", "--config-file", conf)}

    def prepare(self):
        """Creates a certificate authority: without one every balancer goes to ERROR, although no machine is ever created."""
        if not (self.data / "ca.pem").exists():
            self.run("octavia-ca", ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-days", 3650, "-subj", "/CN=devcloud",
                                    "-passout", "pass:devcloud", "-keyout", self.data / "ca.key", "-out", self.data / "ca.pem"])

    def schema(self):
        self.manage("octavia-db-manage", "octavia.db.migration.cli:main",
                    ("--config-file", self.conf / "octavia.conf", "upgrade", "head"))
