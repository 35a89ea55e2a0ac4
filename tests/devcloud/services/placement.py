from cloud.service import Service


class Placement(Service):
    """The free resources of each hypervisor, for Nova's scheduler."""
    needs = ("keystone",)
    databases = ("placement",)
    package = "python3-placement"
    health = "/"
    catalog = ("placement", "")

    def programs(self):
        return {"placement": self.uwsgi("placement.wsgi:init_application", 4, environment={"OS_PLACEMENT_CONFIG_DIR": self.conf})}

    def schema(self):
        self.manage("placement-manage", "placement.cmd.manage:main", ("--config-file", self.conf / "placement.conf", "db", "sync"))
