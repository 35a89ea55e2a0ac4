import shutil

from cloud.process import stop
from cloud.service import Service


class RabbitMQ(Service):
    """The message bus of Nova, Heat and Octavia. Its data is deleted at each start."""
    listens = ("rabbitmq",)

    def programs(self):
        port = self.cloud.port
        return {
            # started here, because the broker would start one as a daemon that outlives it
            "epmd": ["epmd", "-port", port("epmd"), "-address", "127.0.0.1"],
            "rabbitmq": (["/usr/lib/rabbitmq/bin/rabbitmq-server"], {
                "HOME": self.data,      # for the Erlang cookie
                "ERL_EPMD_PORT": port("epmd"),
                "RABBITMQ_NODENAME": "devcloud@localhost",
                "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
                "RABBITMQ_NODE_PORT": port("rabbitmq"),
                "RABBITMQ_DIST_PORT": port("rabbitmq-distribution"),
                "RABBITMQ_MNESIA_BASE": self.data / "mnesia",
                "RABBITMQ_LOG_BASE": self.cloud.log,
                "RABBITMQ_CONFIG_FILE": self.conf / "rabbitmq",
                "RABBITMQ_ENABLED_PLUGINS_FILE": self.conf / "enabled_plugins",
                "RABBITMQ_CONF_ENV_FILE": "/nonexistent",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none "
                                                       "-kernel inet_dist_use_interface {127,0,0,1}"})}

    def prepare(self):
        stop(self.processes, 1)
        shutil.rmtree(self.data)
        self.data.mkdir()
        cookie = self.data / ".erlang.cookie"
        cookie.write_text("devcloud")
        cookie.chmod(0o400)
