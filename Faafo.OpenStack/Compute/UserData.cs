using System.Globalization;
using System.Text;

namespace Faafo.OpenStack.Compute;

/// <summary>What cloud-init gets. <c>ToString</c> does not show it, since it often has passwords within.</summary>
public sealed record UserData
{
    private const int Limit = 65_535;

    private UserData(byte[] content)
    {
        Encoded = Convert.ToBase64String(content);
        if (Encoded.Length > Limit)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"User data takes {Encoded.Length} characters in base64; Nova accepts {Limit}."), nameof(content));
        }
    }

    internal string Encoded { get; }

    /// <summary>A script, which starts with <c>#!</c>, or a cloud-config. Line ends become those of Unix.</summary>
    /// <exception cref="ArgumentException">It is longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Script(string text) => new(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));

    /// <summary>Any bytes, such as a compressed script.</summary>
    /// <exception cref="ArgumentException">They are longer than 65,535 characters in base64 (about 49,150 bytes).</exception>
    public static UserData Bytes(ReadOnlySpan<byte> content) => new(content.ToArray());

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"Length = {Encoded.Length}");
        return true;
    }
}
