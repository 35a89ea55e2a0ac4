from cloud.api import Api
from cloud.service import Service

FLAVORS = (("m1.nano", 1, 64, 1), ("m1.tiny", 1, 512, 1), ("m1.small", 1, 2048, 20),
           ("m1.medium", 2, 4096, 40), ("m1.large", 4, 8192, 80), ("m1.xlarge", 8, 16384, 160))


class Nova(Service):
    """Servers, on one host with a fake hypervisor (shims/devcloud_nova.py)."""
    needs = ("keystone", "rabbitmq", "glance", "placement", "neutron")
    databases = ("nova_api", "nova", "nova_cell0")
    package = "python3-nova"
    health = "/"
    queues = ("conductor", "scheduler", "compute.devcloud")
    catalog = ("compute", "/v2.1")

    def programs(self):
        return {
            "nova-api": self.uwsgi("devcloud_nova:api", 8, environment={
                "OS_NOVA_CONFIG_DIR": self.conf, "OS_NOVA_CONFIG_FILES": "api-paste.ini;nova.conf;database.conf",
                "OS_NOVA_DISABLE_EVENTLET_PATCHING": 1}),
            "nova-conductor": self.python("nova-conductor", "devcloud_nova:conductor", *self.files()),
            "nova-scheduler": self.python("nova-scheduler", "devcloud_nova:scheduler", *self.files()),
            # without database.conf: nova-compute would query a configured database directly, which it may not do
            "nova-compute": self.python("nova-compute", "devcloud_nova:compute", "--config-file", self.conf / "nova.conf")}

    def files(self):
        return "--config-file", self.conf / "nova.conf", "--config-file", self.conf / "database.conf"

    def prepare(self):
        (self.data / "instances").mkdir(exist_ok=True)

    def schema(self):
        files = self.files()
        self.manage("nova-manage", "nova.cmd.manage:main",
                    (*files, "api_db", "sync"), (*files, "cell_v2", "map_cell0"), (*files, "db", "sync"),
                    (*files, "cell_v2", "create_cell", "--name", "cell1"), accept=(0, 2))     # 2: the cell exists

    def seed(self):
        """Creates the flavors, and waits until the scheduler can choose the host."""
        admin = Api(self.cloud, "admin", "admin")
        have = {flavor["name"] for flavor in admin.get("nova", "/v2.1/flavors")["flavors"]}
        for number, (name, vcpus, ram, disk) in enumerate(FLAVORS):
            if name not in have:
                admin.call("POST", "nova", "/v2.1/flavors", {"flavor": {
                    "id": str(number), "name": name, "vcpus": vcpus, "ram": ram, "disk": disk}})
        self.wait("report its services as up", lambda: all(
            service["state"] == "up" for service in admin.get("nova", "/v2.1/os-services")["services"]))
        self.wait("discover its host", lambda: admin.get("nova", "/v2.1/os-hypervisors")["hypervisors"])
