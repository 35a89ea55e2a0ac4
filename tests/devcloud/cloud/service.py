"""The base of all services; services/NAME.py has the specifics of each."""
import socket
import threading
import time

from cloud import api
from cloud.process import Process, stop
from cloud.state import PASSWORD, SHIMS, CloudError, port_free

TIMEOUT = 300       # seconds until a service must respond; a loaded machine is slow
TICK = 0.05         # seconds between two polls
cancelled = threading.Event()


class ServiceFailed(CloudError):
    """A service or process that failed, with the reason and, if there is one, its log."""

    def __init__(self, name, reason, log=None):
        super().__init__(f"{name}: {reason}")
        self.log = log


class Service:
    needs = ()          # other services that must run; this one starts when those of the foundation are ready
    databases = ()      # in MariaDB
    package = None      # the Debian package; a new version upgrades the tables
    listens = ()        # names of the ports that must accept connections
    health = None       # path of its API that must respond
    queues = ()         # RabbitMQ queues that must have a consumer; without one, messages are dropped
    catalog = None      # type and path of its endpoint

    def __init__(self, cloud):
        self.cloud = cloud
        self.name = type(self).__name__.lower()
        self.conf = cloud.conf / self.name
        self.data = cloud.data / self.name
        self.processes = [Process(cloud, name) for name in self.programs()]

    # Overridden by the services

    def prepare(self):
        """Creates files that must exist before the start."""

    def schema(self):
        """Creates or upgrades the tables."""

    def programs(self):
        """Returns the processes: name -> command, or (command, environment)."""
        return {}

    def seed(self):
        """Creates the initial contents of a fresh cloud; idempotent."""

    # Called by up

    def running(self):
        return all(process.alive() for process in self.processes)

    def start(self):
        """Starts the processes that do not run."""
        missing = [process for process in self.processes if not process.alive()]
        if len(missing) == len(self.processes):
            self.check_ports()
        programs = self.programs()
        for process in missing:
            self.launch(process, programs[process.name])

    def check_ports(self):
        """Fails early on a taken port; otherwise a process would exit with an obscure error."""
        for name in self.listens if self.health is None else (*self.listens, self.name):
            port = self.cloud.port(name)
            if not port_free(self.host(name), port):
                raise ServiceFailed(self.name, f"port {port} is taken by another program; "
                                               "after down --wipe the next up uses other ports")

    def await_ready(self):
        for name in self.listens:
            self.wait(f"listen on port {self.cloud.port(name)}", lambda: self.connects(name))
        if self.health:
            url = self.cloud.url(self.name) + self.health
            self.wait(f"respond at {url}", lambda: api.reachable(url))
        if self.queues:
            self.wait("listen on " + ", ".join(self.queues), lambda: consumers(self.cloud, self.queues))

    def empty_databases(self):
        """Drops and creates the databases: an interrupted first migration cannot be continued."""
        sql = " ".join(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name};" for name in self.databases)
        self.run(f"{self.name}-databases", ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={self.cloud.port('mariadb')}",
                                            "--user=os", f"--password={PASSWORD}", "--execute", sql])

    # Tools

    def wait(self, what, condition):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            for process in self.processes:
                if not process.alive():
                    raise ServiceFailed(process.name, "exited", process.log)
            if time.monotonic() > deadline:
                raise ServiceFailed(self.name, f"does not {what} within {TIMEOUT} s", self.processes[0].log)
            if cancelled.wait(TICK):
                raise CloudError("cancelled")

    def run(self, name, command, accept=(0,)):
        """Runs a command until it exits. It has a record, so that down finds it if up is killed meanwhile."""
        process = Process(self.cloud, name)
        child = self.launch(process, command)
        while child.poll() is None:
            if cancelled.wait(TICK):
                stop([process], 1)
                raise CloudError("cancelled")
        process.record.unlink()
        if child.returncode not in accept:
            raise ServiceFailed(name, f"exited with status {child.returncode}", process.log)

    def launch(self, process, program):
        stop([process], 1)      # processes that outlived a killed up or their parent
        command, extra = program if isinstance(program, tuple) else (program, {})
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.cloud.home), "LC_ALL": "C.UTF-8",
                       "PYTHONPATH": str(SHIMS), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2"}
        return process.start([str(word) for word in command], environment | {k: str(v) for k, v in extra.items()})

    def connects(self, name):
        try:
            socket.create_connection((self.host(name), self.cloud.port(name)), 5).close()
            return True
        except OSError:
            return False

    def host(self, name):
        """Returns the address to listen on: the cloud's address for APIs, loopback for everything else."""
        return self.cloud.address if name == self.name and self.health else "127.0.0.1"

    def python(self, name, entry, *arguments):
        """Returns the command of a console script. Only the Python library is installed, not the service's package with the script."""
        module, function = entry.split(":")
        code = f"import sys; sys.argv[0] = '{name}'; from {module} import {function} as main; sys.exit(main())"
        return ["/usr/bin/python3", "-c", code, *arguments]

    def manage(self, name, entry, *commands, accept=(0,)):
        """Runs a management script once for each list of arguments."""
        words = [word for command in commands for word in ("+", *command)][1:]
        self.run(name, ["/usr/bin/python3", "-m", "devcloud_manage", name, entry, *words], accept)

    def uwsgi(self, application, threads, arguments="", environment=()):
        """Returns the command of an API that is a WSGI application, module:function, on the service's port."""
        command = ["uwsgi", "--plugin", "python3", "--need-app", "--processes", 1, "--threads", threads, "--enable-threads",
                   "--http-socket", f"{self.cloud.address}:{self.cloud.port(self.name)}", "--listen", 100,
                   "--buffer-size", 65535, "--die-on-term", "--disable-logging", "--add-header", "Connection: close",
                   "--module", "devcloud_threads:application()"]
        if arguments:
            command += ["--pyargv", arguments]
        return command, {"DEVCLOUD_APPLICATION": application, **dict(environment)}


def consumers(cloud, queues):
    """Whether each queue has a consumer. RabbitMQ starts empty, so every consumer belongs to this run."""
    import amqp     # python3-amqp, which the services themselves use
    try:
        with amqp.Connection(f"127.0.0.1:{cloud.port('rabbitmq')}", "openstack", PASSWORD) as connection:
            return all(connection.channel().queue_declare(queue, passive=True).consumer_count for queue in queues)
    except (amqp.NotFound, OSError):
        return False
