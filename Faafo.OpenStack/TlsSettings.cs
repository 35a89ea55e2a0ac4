namespace Faafo.OpenStack;

/// <summary>TLS towards the cloud.</summary>
public sealed record TlsSettings
{
    /// <summary>Whether certificates are checked. Never turn it off outside a laboratory.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A PEM file of the authorities to trust instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the client's certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the key of <see cref="CertificateFile"/>; <c>null</c> when the key is in the same file.</summary>
    public string? KeyFile { get; init; }
}
