namespace Faafo.OpenStack;

/// <summary>
/// A service's version document could not be read, so that the microversion is unknown. The request was not sent; the next one reads the
/// document again.
/// </summary>
public sealed class VersionDocumentException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="service">The service.</param>
    /// <param name="address">The address of the document.</param>
    /// <param name="setting">The key in clouds.yaml that makes the document unnecessary.</param>
    /// <param name="cause">The failure.</param>
    public VersionDocumentException(ServiceType service, Uri address, string setting, Exception cause)
        : base(
            $"{service.Name}: the version document {ApiError.Mask(address.ToString())} cannot be read, so the microversion is unknown: "
            + $"{Reason(cause)}; retry later, or set {setting} in clouds.yaml if this address never responds",
            cause) => Service = service;

    /// <summary>The service.</summary>
    public ServiceType Service { get; }

    // A parser's message about HTML does not help.
    private static string Reason(Exception cause) =>
        cause is System.Text.Json.JsonException ? "the response is not a version document" : cause.Message.TrimEnd('.');
}
