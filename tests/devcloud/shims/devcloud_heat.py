"""heat-engine without notifications. Debian's oslo.messaging strips secrets from a notification's context, and with them
the trust of Heat's lazily loaded one: each scaling signal would end in AuthorizationFailure."""


def engine():
    from heat.cmd.engine import main
    from heat.engine import notification
    notification.notify = lambda *args, **kwargs: None
    return main()
