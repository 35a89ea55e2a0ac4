"""An API in uWSGI's native threads. oslo.log, where it sees eventlet imported, gives logging a lock of eventlet's, which knows green
threads only: once two native ones want it at the same moment, none gets it again, and the API never answers any more."""
import importlib
import os

from oslo_log import log

log._fix_eventlet_logging = lambda: None


def application():
    module, function = os.environ["DEVCLOUD_APPLICATION"].split(":")
    return getattr(importlib.import_module(module), function)()
