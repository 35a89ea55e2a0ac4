namespace Faafo.OpenStack;

/// <summary>
/// A request needs a later microversion than the cloud or the configuration gives: the service would refuse it or, worse, ignore a part of
/// it. Nothing was sent.
/// </summary>
public sealed class MicroversionException : OpenStackException
{
    internal MicroversionException(ServiceType service, string purpose, Version required, string? actual, string reason)
        : base($"{service.Name}: {purpose} needs microversion {required} or later; {reason}.") =>
        (Service, Required, Actual) = (service, required.ToString(), actual);

    /// <summary>The service that would have been asked.</summary>
    public ServiceType Service { get; }

    /// <summary>The first microversion that can do it, such as <c>2.26</c>.</summary>
    public string Required { get; }

    /// <summary>The microversion that requests carry; <c>null</c> when the cloud shows none.</summary>
    public string? Actual { get; }
}
