namespace Faafo.OpenStack;

/// <summary>
/// A request needs a later microversion than the cloud or the configuration offers: the service would reject it or silently ignore a part
/// of it. It was not sent.
/// </summary>
public sealed class MicroversionException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="service">The service.</param>
    /// <param name="purpose">The feature, as the subject of "needs microversion".</param>
    /// <param name="required">The first microversion with the feature.</param>
    /// <param name="actual">The microversion that requests carry; <c>null</c> if the cloud shows none.</param>
    /// <param name="reason">The reason, and what to do.</param>
    public MicroversionException(ServiceType service, string purpose, Version required, string? actual, string reason)
        : base($"{service.Name}: {purpose} needs microversion {required} or later; {reason}")
    {
        Service = service;
        Required = required.ToString();
        Actual = actual;
    }

    /// <summary>The service.</summary>
    public ServiceType Service { get; }

    /// <summary>The first microversion with the feature, such as <c>2.26</c>.</summary>
    public string Required { get; }

    /// <summary>The microversion that requests carry; <c>null</c> if the cloud shows none.</summary>
    public string? Actual { get; }
}
