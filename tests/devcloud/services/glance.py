from cloud.api import Api
from cloud.service import Service


class Glance(Service):
    """Images, stored as files."""
    needs = ("keystone",)
    databases = ("glance",)
    package = "python3-glance"
    health = "/"
    catalog = ("image", "")

    def programs(self):
        return {"glance-api": self.python("glance-api", "glance.cmd.api:main", "--config-file", self.conf / "glance-api.conf")}

    def prepare(self):
        for store in ("images", "tasks", "staging"):
            (self.data / store).mkdir(exist_ok=True)

    def schema(self):
        self.manage("glance-manage", "glance.cmd.manage:main", ("--config-file", self.conf / "glance-api.conf", "db_sync"))

    def seed(self):
        """Creates an image of 1 MiB that cannot boot; the fake hypervisor does not read it."""
        admin = Api(self.cloud, "admin", "admin")
        found = admin.get("glance", "/v2/images", name="tiny-linux")["images"]
        image = found[0] if found else admin.call("POST", "glance", "/v2/images", {
            "name": "tiny-linux", "disk_format": "raw", "container_format": "bare", "visibility": "public"})
        if image["status"] == "queued":
            admin.call("PUT", "glance", f"/v2/images/{image['id']}/file", b"devcloud" * 131072,
                       {"Content-Type": "application/octet-stream"})
