using System.Globalization;

namespace Faafo.Cli.Output;

/// <summary>
/// Formats values as cells in the wording of the original Faafo (openstack-archive/faafo): numbers in the invariant culture, <c>-</c> for
/// missing values.
/// </summary>
internal static class Cell
{
    /// <summary>The cell of a missing value.</summary>
    public const string None = "-";

    /// <summary>Formats a number.</summary>
    public static string Of(IFormattable? value, string? format = null, string unit = "") =>
        value is null ? None : value.ToString(format, CultureInfo.InvariantCulture) + unit;

    /// <summary>Formats a text.</summary>
    public static string Of(string? text) => string.IsNullOrEmpty(text) ? None : text;

    /// <summary>Formats dimensions: <c>295 x 738 pixels</c>.</summary>
    public static string Dimensions(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels");

    /// <summary>Formats a time, in UTC to the second.</summary>
    public static string Of(DateTimeOffset? at) => Of(at, "u");
}
