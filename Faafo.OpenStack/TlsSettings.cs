namespace Faafo.OpenStack;

/// <summary>The TLS settings of connections to the cloud.</summary>
public sealed record TlsSettings
{
    /// <summary>Whether certificates are verified. Do not turn it off in production.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PEM file with the client's certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the key of <see cref="CertificateFile"/>; <c>null</c> if the key is in the same file.</summary>
    public string? KeyFile { get; init; }
}
