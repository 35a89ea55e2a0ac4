"""Nova's processes with what the fake hypervisor lacks."""


def api():
    from nova.api.openstack.compute.wsgi import init_application
    remember_networks()
    return init_application()


def conductor():
    from nova.cmd.conductor import main
    report_at_once()
    return main()


def scheduler():
    from nova.cmd.scheduler import main
    report_at_once()
    return main()


def compute():
    from nova.cmd.compute import main
    report_at_once()
    ask_placement_nothing()
    remember_networks()
    remember_servers()
    show_guests_consoles()
    return main()


def report_at_once():
    """A service counts as up with its first report, which it would send five seconds after its start."""
    from nova.servicegroup import api
    api.INITIAL_REPORTING_DELAY = 0


def ask_placement_nothing():
    """At each build Nova asks Placement for what every server of the host uses: quadratic in the number of servers, and
    looked at only for drivers that move resources between providers, which the fake one does not."""
    from nova.scheduler.client.report import SchedulerReportClient
    SchedulerReportClient.get_allocations_for_provider_tree = lambda self, context, nodename: {}


def remember_networks():
    """What a network is made of stays as it is. Nova asks Neutron for it eight times in a server's life, a sixth of all that a
    server costs Neutron."""
    from nova.network.neutron import API
    ask, known = API._get_physnet_tunneled_info, {}

    def ask_once(self, context, neutron, net_id):
        if net_id not in known:
            known[net_id] = ask(self, context, neutron, net_id)
        return known[net_id]
    API._get_physnet_tunneled_info = ask_once


def remember_servers():
    """The fake driver's servers live in its memory. At a start it gets them back from the database, else the
    next reboot, stop or resize of an older server would end in ERROR."""
    from nova import context, objects
    from nova.compute import power_state
    from nova.virt import fake
    init_host = fake.FakeDriver.init_host

    def init_host_with_servers(driver, host):
        init_host(driver, host)
        servers = objects.InstanceList.get_by_host(context.get_admin_context(), host, expected_attrs=["info_cache", "flavor"])
        for server in servers:
            if not server.launched_at:
                continue
            driver.instances[server.uuid] = fake.FakeInstance(server.name, server.power_state or power_state.RUNNING, server.uuid)
            driver.resources.claim(vcpus=server.flavor.vcpus, mem=server.flavor.memory_mb, disk=server.flavor.root_gb)
            for interface in (server.info_cache.network_info if server.info_cache else None) or []:
                driver._interfaces[interface["id"]] = interface
    fake.FakeDriver.init_host = init_host_with_servers


def show_guests_consoles():
    """Where a server has a guest (../guests), its console is that of the guest, which writes it where libvirt would."""
    from pathlib import Path

    from nova import conf
    from nova.virt import fake
    pretended = fake.FakeDriver.get_console_output

    def get_console_output(driver, context, instance):
        console = Path(conf.CONF.instances_path) / instance.uuid / "console.log"
        return console.read_bytes() if console.exists() else pretended(driver, context, instance)
    fake.FakeDriver.get_console_output = get_console_output
