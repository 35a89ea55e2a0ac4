using System.Globalization;

namespace Faafo.Options;

/// <summary>
/// The one grammar of numbers in options, settings, flock.yaml and queries: whole numbers are <c>[+-]?digits</c>, real ones
/// <c>[+-]?digits[.digits][e[+-]digits]</c>, with the digits 0 to 9. Group separators are invalid, so that <c>-1,5</c> is rejected
/// instead of read as -15, and so is white space.
/// </summary>
public static class Number
{
    /// <summary>Parses a whole number; false if the text is not one or does not fit.</summary>
    public static bool TryWhole(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        var rest = text;
        return Sign(ref rest) && Digits(ref rest) && rest.IsEmpty
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Parses a finite real number; false if the text is not one or does not fit.</summary>
    public static bool TryReal(ReadOnlySpan<char> text, out double number)
    {
        number = 0;
        var rest = text;
        return Sign(ref rest) && Digits(ref rest)
            && (!Skip(ref rest, '.') || Digits(ref rest))
            && (!Skip(ref rest, 'e') && !Skip(ref rest, 'E') || Sign(ref rest) && Digits(ref rest))
            && rest.IsEmpty
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    // At most one sign.
    private static bool Sign(ref ReadOnlySpan<char> text) => Skip(ref text, '+') || Skip(ref text, '-') || true;

    private static bool Digits(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var length = end >= 0 ? end : text.Length;
        text = text[length..];
        return length > 0;
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char one)
    {
        if (text.IsEmpty || text[0] != one)
        {
            return false;
        }
        text = text[1..];
        return true;
    }
}
