from cloud.api import Api
from cloud.service import Service
from cloud.state import PASSWORD, REGION

DEFAULT = {"domain_id": "default"}
GRANTS = (("service", "service", ("admin", "service")),
          ("demo", "demo", ("member", "heat_stack_owner", "load-balancer_member")),
          ("demo", "admin", ("admin",)))


class Keystone(Service):
    """Users, projects, tokens and the catalog."""
    needs = ("mariadb", "memcached")
    databases = ("keystone",)
    package = "python3-keystone"
    health = "/v3"

    def programs(self):
        return {"keystone": self.uwsgi("keystone.server.wsgi:initialize_public_application", 4,
                                       environment={"OS_KEYSTONE_CONFIG_FILES": self.conf / "keystone.conf"})}

    def schema(self):
        for keys in ("tokens", "receipts", "credentials"):
            (self.data / keys).mkdir(mode=0o700, exist_ok=True)
        url = self.cloud.url("keystone") + "/v3/"
        owner = "--keystone-user", self.cloud.user, "--keystone-group", self.cloud.group
        conf = "--config-file", self.conf / "keystone.conf"
        self.manage("keystone-manage", "keystone.cmd.manage:main",
                    (*conf, "db_sync"), (*conf, "fernet_setup", *owner), (*conf, "credential_setup", *owner),
                    (*conf, "bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-region-id", REGION,
                     "--bootstrap-public-url", url, "--bootstrap-internal-url", url, "--bootstrap-admin-url", url))

    def seed(self):
        """Creates the roles, and the users of clouds.yaml and of the services."""
        admin = Api(self.cloud, "admin", "admin")
        roles = {role["name"]: role["id"] for role in admin.get("keystone", "/v3/roles")["roles"]}
        for name in ("service", "heat_stack_owner", "heat_stack_user", "load-balancer_member", "load-balancer_admin", "ResellerAdmin"):
            if name not in roles:
                roles[name] = admin.ensure("keystone", "/v3/roles", "role", name)["id"]
        for project, user, granted in GRANTS:
            project = admin.ensure("keystone", "/v3/projects", "project", project, DEFAULT, **DEFAULT)
            user = admin.ensure("keystone", "/v3/users", "user", user, DEFAULT | {"password": PASSWORD}, **DEFAULT)
            for role in granted:
                admin.call("PUT", "keystone", f"/v3/projects/{project['id']}/users/{user['id']}/roles/{roles[role]}")
