from cloud.api import Api
from cloud.service import Service
from cloud.state import PASSWORD


class Heat(Service):
    """Stacks of resources from a template."""
    needs = ("keystone", "rabbitmq")
    databases = ("heat",)
    package = "python3-heat"
    health = "/"
    queues = ("engine",)
    catalog = ("orchestration", "/v1/%(tenant_id)s")

    def programs(self):
        conf = self.conf / "heat.conf"
        return {"heat-api": self.uwsgi("heat.httpd.heat_api:init_application", 4, arguments=f"--config-file {conf}"),
                "heat-engine": self.python("heat-engine", "devcloud_heat:engine", "--config-file", conf)}

    def schema(self):
        self.manage("heat-manage", "heat.cmd.manage:main", ("--config-file", self.conf / "heat.conf", "db_sync"))

    def seed(self):
        """Creates the domain of the users that Heat creates for its stacks, and its administrator."""
        admin = Api(self.cloud, "admin", "admin")
        domain = admin.ensure("keystone", "/v3/domains", "domain", "heat")["id"]
        user = admin.ensure("keystone", "/v3/users", "user", "heat_domain_admin",
                            {"domain_id": domain, "password": PASSWORD}, domain_id=domain)["id"]
        role = admin.ensure("keystone", "/v3/roles", "role", "admin")["id"]
        admin.call("PUT", "keystone", f"/v3/domains/{domain}/users/{user}/roles/{role}")
