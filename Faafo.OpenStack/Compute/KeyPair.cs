using System.Text;

namespace Faafo.OpenStack.Compute;

/// <summary>A key pair of a user. <c>ToString</c> does not show the private key.</summary>
public sealed record KeyPair : ServiceResource
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The public key in OpenSSH's format.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The fingerprint of the public key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The private key, only in the reply to <see cref="ComputeService.CreateKeyPairAsync"/>: a secret.</summary>
    public string? PrivateKey { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}, Fingerprint = {Fingerprint}");
        return true;
    }
}
