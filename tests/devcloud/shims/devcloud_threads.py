"""An API in uWSGI's native threads. If eventlet is imported, oslo.log gives logging a lock of eventlet, which supports only green
threads: when two native threads acquire it at the same moment, neither gets it, and the API hangs."""
import importlib
import os

from oslo_log import log

log._fix_eventlet_logging = lambda: None


def application():
    module, function = os.environ["DEVCLOUD_APPLICATION"].split(":")
    return getattr(importlib.import_module(module), function)()
