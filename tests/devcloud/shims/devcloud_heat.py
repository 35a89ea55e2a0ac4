"""heat-engine without notifications. Debian's oslo.messaging removes secrets from a notification's context, and with them Heat's
trust: each scaling signal would fail with AuthorizationFailure."""


def engine():
    from heat.cmd.engine import main
    from heat.engine import notification
    notification.notify = lambda *args, **kwargs: None
    return main()
