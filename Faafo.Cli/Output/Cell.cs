using System.Globalization;

namespace Faafo.Cli.Output;

/// <summary>Values as cells: the original's wording, numbers in the invariant culture, <c>-</c> for what there is not.</summary>
internal static class Cell
{
    /// <summary>For what is not there or not known.</summary>
    public const string None = "-";

    /// <summary>A number, or nothing.</summary>
    public static string Of(IFormattable? value, string? format = null, string unit = "") =>
        value is null ? None : value.ToString(format, CultureInfo.InvariantCulture) + unit;

    /// <summary>Text, or nothing.</summary>
    public static string Of(string? text) => string.IsNullOrEmpty(text) ? None : text;

    /// <summary><c>295 x 738 pixels</c>.</summary>
    public static string Dimensions(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels");

    /// <summary>A time, in UTC to the second.</summary>
    public static string Of(DateTimeOffset? at) => Of(at, "u");
}
