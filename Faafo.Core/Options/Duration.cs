namespace Faafo.Options;

/// <summary>Parses time spans with a unit: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
public static class Duration
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>Parses a time span of 0 or more.</summary>
    /// <param name="text">A number and its unit.</param>
    /// <param name="field">The name of the field, for the message.</param>
    /// <exception cref="FormatException">The text is not a time span.</exception>
    public static TimeSpan Parse(string text, string field)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && Number.TryReal(text.AsSpan(0, text.Length - unit.Length), out var number)
                && number >= 0 && number * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }
        throw new FormatException($"{field} must be a time such as 250ms, 30s, 5m or 2h (got '{text}')");
    }
}
