using System.Security.Cryptography;
using System.Text;

namespace Faafo.Scaler.Spec;

/// <summary>A short hash of what an instance is made from: two instances with the same hash need not replace each other.</summary>
internal static class ShortHash
{
    /// <summary>The first 12 hexadecimal digits of the text's SHA-256.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
