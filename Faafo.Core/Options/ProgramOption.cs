using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;

namespace Faafo.Options;

/// <summary>
/// Creates options that every program reads the same way: from the command line, then from the environment (<c>--transport-url</c> is
/// <c>FAAFO_TRANSPORT_URL</c>), then from <c>appsettings.json</c> in the working directory or beside the program, then the default.
/// </summary>
public static class ProgramOption
{
    private static readonly Lazy<JsonElement?> Settings = new(ReadSettings);

    /// <summary>Creates an option with text of one character or more.</summary>
    /// <param name="most">The most characters.</param>
    public static Option<string> Text(string name, string description, Func<string> defaultValue, int most = 4096) =>
        Of(name, description, text => Checked(name, text, most), defaultValue);

    /// <summary>Creates an option with text that may be absent, but not empty.</summary>
    public static Option<string?> OptionalText(string name, string description) =>
        Of<string?>(name, description, text => Checked(name, text, 4096), () => null);

    /// <summary>Creates an option with the address of an HTTP server.</summary>
    public static Option<Uri> Url(string name, string description, string defaultValue) =>
        Of(name, description, text => HttpAddress(name, text), () => new Uri(defaultValue));

    /// <summary>Creates an option with the address of an HTTP server that may be absent.</summary>
    public static Option<Uri?> OptionalUrl(string name, string description) =>
        Of<Uri?>(name, description, text => HttpAddress(name, text), () => null);

    /// <summary>Creates an option with a whole number in a range.</summary>
    public static Option<int> Number(string name, string description, int least, int most, Func<int> defaultValue) =>
        Of(name, description, text => Whole(name, text, least, most), defaultValue);

    /// <summary>Creates an option with a whole number in a range that may be absent.</summary>
    public static Option<int?> OptionalNumber(string name, string description, int least, int most) =>
        Of<int?>(name, description, text => Whole(name, text, least, most), () => null);

    /// <summary>Creates an option with a time span in a range, such as <c>500ms</c>, <c>30s</c> or <c>5m</c>.</summary>
    public static Option<TimeSpan> Span(string name, string description, TimeSpan least, TimeSpan most, TimeSpan defaultValue) =>
        Of(name, description, text => Span(name, text, least, most), () => defaultValue);

    /// <summary>Creates an option with a name of an enumeration, in lower case.</summary>
    public static Option<T> Choice<T>(string name, string description, T defaultValue) where T : struct, Enum =>
        Of(name, description, text => Choice<T>(name, text), () => defaultValue);

    /// <summary>Creates an option that is on or off.</summary>
    public static Option<bool> Switch(string name, string description)
    {
        var option = new Option<bool>(name) { Description = Describe(name, description) };
        option.DefaultValueFactory = result => Find(name) is { } text
            && (bool.TryParse(text, out var on) ? on : Fail<bool>(result, $"{name} must be true or false (got '{text}')"));
        return option;
    }

    /// <summary>Creates an option whose text is converted by <paramref name="parse"/>, which throws FormatException.</summary>
    public static Option<T> Of<T>(string name, string description, Func<string, T> parse, Func<T> defaultValue)
    {
        var option = new Option<T>(name) { Description = Describe(name, description) };
        option.CustomParser = result => Read(result, result.Tokens[0].Value);
        option.DefaultValueFactory = result => Find(name) is { } text ? Read(result, text) : defaultValue();
        return option;

        T Read(ArgumentResult result, string text)
        {
            try
            {
                return parse(text);
            }
            catch (FormatException e)
            {
                return Fail<T>(result, e.Message);
            }
        }
    }

    private static TimeSpan Span(string name, string text, TimeSpan least, TimeSpan most)
    {
        var span = Duration.Parse(text, name);
        var range = string.Create(CultureInfo.InvariantCulture, $"from {least.TotalSeconds}s to {most.TotalSeconds}s");
        return span >= least && span <= most ? span : throw new FormatException($"{name} must be {range} (got '{text}')");
    }

    // Enum.TryParse alone accepts numbers and lists too: "+1" and "quorum,classic".
    private static T Choice<T>(string name, string text) where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse<T>(text, ignoreCase: true, out var value)
            ? value
            : throw new FormatException($"{name} must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()} (got '{text}')");

    private static int Whole(string name, string text, int least, int most) =>
        Options.Number.TryWhole(text, out var number) && number >= least && number <= most ? number
            : throw new FormatException($"{name} must be a whole number from {least} to {most} (got '{text}')");

    private static string Checked(string name, string text, int most)
    {
        if (text.Length == 0)
        {
            throw new FormatException($"{name} must not be empty");
        }
        return text.Length <= most ? text : throw new FormatException($"{name} must have at most {most} characters (got {text.Length})");
    }

    private static Uri HttpAddress(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri!
            : throw new FormatException($"{name} must be an address such as {FaafoClient.DefaultEndpoint} (got '{text}')");

    private static T Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }

    private static string EnvironmentName(string name) => "FAAFO_" + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    private static string Describe(string name, string description) => $"{description} [{EnvironmentName(name)}]";

    private static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentName(name)) is { Length: > 0 } text)
        {
            return text;
        }
        if (Settings.Value is not { } settings || !settings.TryGetProperty(name.TrimStart('-'), out var value))
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }

    private static JsonElement? ReadSettings()
    {
        foreach (var folder in (ReadOnlySpan<string>)[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            var path = Path.Combine(folder, "appsettings.json");
            if (!File.Exists(path))
            {
                continue;
            }
            try
            {
                using var document = JsonDocument.Parse(File.ReadAllText(path));
                return document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new UsageException($"{path}: {e.Message}");
            }
        }
        return null;
    }
}
