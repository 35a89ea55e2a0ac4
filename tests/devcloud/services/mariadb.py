import shutil

from cloud.service import Service


class MariaDB(Service):
    """The tables of all services. Neutron's migrations do not run on SQLite."""
    listens = ("mariadb",)

    def programs(self):
        return {"mariadb": ["mariadbd", f"--defaults-file={self.conf}/my.cnf"]}

    def prepare(self):
        files, new = self.data / "files", self.data / "new"
        if not files.exists():
            shutil.rmtree(new, ignore_errors=True)
            self.run("mariadb-install", ["mariadb-install-db", "--no-defaults", f"--datadir={new}", f"--user={self.cloud.user}",
                                         "--auth-root-authentication-method=socket", "--skip-test-db"])
            new.rename(files)
