namespace Faafo.OpenStack;

/// <summary>
/// A service's version document could not be read, for a reason that may pass, so that the microversion is not known. The request was not
/// sent; the next one reads the document again.
/// </summary>
public sealed class VersionDocumentException : OpenStackException
{
    internal VersionDocumentException(ServiceType service, Uri address, string setting, Exception cause)
        : base(
            $"{service.Name}: the version document {ApiError.Mask(address.ToString())} cannot be read, so the microversion is unknown: "
            + $"{Reason(cause)}. Retry later; if this address never responds, set {setting} in clouds.yaml.",
            cause) => Service = service;

    /// <summary>The service that was asked.</summary>
    public ServiceType Service { get; }

    // A parser's message about HTML does not help.
    private static string Reason(Exception cause) =>
        cause is System.Text.Json.JsonException ? "the answer is no version document" : cause.Message.TrimEnd('.');
}
