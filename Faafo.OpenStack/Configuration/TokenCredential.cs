using System.Text;

namespace Faafo.OpenStack;

/// <summary>A token that someone else got. It can be rescoped, but once it has expired nobody can renew it.</summary>
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
