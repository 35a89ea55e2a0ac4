using System.Globalization;
using System.Text;

namespace Faafo.OpenStack.Compute;

/// <summary>The input of cloud-init. <c>ToString</c> does not show it, because it often contains passwords.</summary>
public sealed record UserData
{
    private const int Limit = 65_535;

    private UserData(byte[] content)
    {
        Encoded = Convert.ToBase64String(content);
        if (Encoded.Length > Limit)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"user data must have at most {Limit} characters in base64, Nova's limit (got {Encoded.Length}): shorten or compress it");
            throw new ArgumentException(message, nameof(content));
        }
    }

    internal string Encoded { get; }

    /// <summary>Encodes a script, which starts with <c>#!</c>, or a cloud-config. Line ends become those of Unix.</summary>
    /// <exception cref="ArgumentException">The result is longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Script(string text) => new(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));

    /// <summary>Encodes bytes, such as a compressed script.</summary>
    /// <exception cref="ArgumentException">The result is longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Bytes(ReadOnlySpan<byte> content) => new(content.ToArray());

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Length = {Encoded.Length}");
        return true;
    }
}
