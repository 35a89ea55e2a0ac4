"""Nova's processes with additions that the fake hypervisor needs."""


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
    skip_placement_query()
    remember_networks()
    remember_servers()
    show_guests_consoles()
    return main()


def report_at_once():
    """Sends the first report of a service at its start instead of five seconds later; only then it counts as up."""
    from nova.servicegroup import api
    api.INITIAL_REPORTING_DELAY = 0


def skip_placement_query():
    """Skips a query of Nova at each build, for the allocations of every server of the host: it is quadratic in the number of servers
    and serves only drivers that move resources between providers, which the fake driver does not."""
    from nova.scheduler.client.report import SchedulerReportClient
    SchedulerReportClient.get_allocations_for_provider_tree = lambda self, context, nodename: {}


def remember_networks():
    """Caches the physical properties of a network, which never change. Nova requests them eight times in the life of a server, a sixth
    of Neutron's work for a server."""
    from nova.network.neutron import API
    request, known = API._get_physnet_tunneled_info, {}

    def request_once(self, context, neutron, net_id):
        if net_id not in known:
            known[net_id] = request(self, context, neutron, net_id)
        return known[net_id]
    API._get_physnet_tunneled_info = request_once


def remember_servers():
    """Restores the fake driver's servers, which are in memory only, from the database at the start. Otherwise the next reboot, stop or
    resize of an older server would end in ERROR."""
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
    """Returns the console of the guest (../guests) if the server has one; it is where libvirt would write it."""
    from pathlib import Path

    from nova import conf
    from nova.virt import fake
    fake_output = fake.FakeDriver.get_console_output

    def get_console_output(driver, context, instance):
        console = Path(conf.CONF.instances_path) / instance.uuid / "console.log"
        return console.read_bytes() if console.exists() else fake_output(driver, context, instance)
    fake.FakeDriver.get_console_output = get_console_output
