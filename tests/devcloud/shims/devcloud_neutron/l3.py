"""Routers and floating IPs with the reports of an L3 agent: a router's ports are bound, a floating IP is ACTIVE or DOWN."""
from neutron.services.l3_router import l3_router_plugin
from neutron_lib import constants
from neutron_lib.plugins import directory
from oslo_config import cfg


class DevcloudRouterPlugin(l3_router_plugin.L3RouterPlugin):

    def create_router(self, context, router):
        return self._bind_gateway(context, super().create_router(context, router))

    def update_router(self, context, id, router):
        return self._bind_gateway(context, super().update_router(context, id, router))

    def add_router_interface(self, context, router_id, interface_info=None):
        interface = super().add_router_interface(context, router_id, interface_info)
        self._bind(context, id=interface["port_id"])
        return interface

    def create_floatingip(self, context, floatingip):
        return self._set_status(context, super().create_floatingip(context, floatingip))

    def update_floatingip(self, context, id, floatingip):
        return self._set_status(context, super().update_floatingip(context, id, floatingip))

    def disassociate_floatingips(self, context, port_id, do_notify=True):
        floating_ips = self.get_floatingips(context.elevated(), filters={"port_id": [port_id]}, fields=["id"])
        routers = super().disassociate_floatingips(context, port_id, do_notify)
        for floating_ip in floating_ips:
            self.update_floatingip_status(context.elevated(), floating_ip["id"], constants.FLOATINGIP_STATUS_DOWN)
        return routers

    # no agent to schedule
    def schedule_router(self, context, router, candidates=None):
        pass

    def schedule_routers(self, context, routers):
        pass

    def auto_schedule_routers(self, context, host):
        pass

    def _bind_gateway(self, context, router):
        if router.get("external_gateway_info"):
            self._bind(context, device_id=router["id"], device_owner=constants.DEVICE_OWNER_ROUTER_GW)
        return router

    def _bind(self, context, **filters):
        core = directory.get_plugin()
        for port in core.get_ports(context.elevated(), filters={key: [value] for key, value in filters.items()}):
            if not port.get("binding:host_id"):
                core.update_port(context.elevated(), port["id"], {"port": {"binding:host_id": cfg.CONF.host}})

    def _set_status(self, context, floating_ip):
        status = constants.FLOATINGIP_STATUS_ACTIVE if floating_ip.get("port_id") else constants.FLOATINGIP_STATUS_DOWN
        if floating_ip["status"] != status:
            self.update_floatingip_status(context.elevated(), floating_ip["id"], status)
            floating_ip["status"] = status
        return floating_ip
