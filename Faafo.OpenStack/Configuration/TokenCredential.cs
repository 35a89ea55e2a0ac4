using System.Text;

namespace Faafo.OpenStack;

/// <summary>A token from another login. It can be rescoped but not renewed once it has expired.</summary>
public sealed record TokenCredential : Credential
{
    /// <inheritdoc/>
    public override string AuthType => "token";

    /// <summary>The token.</summary>
    public required string Token { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Token = ***");
        return true;
    }
}
