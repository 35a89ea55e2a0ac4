using System.CommandLine;
using System.CommandLine.Parsing;
using Faafo.Fractals;

namespace Faafo.Cli.Commands;

/// <summary>The fractals that a command is about.</summary>
internal static class UuidArgument
{
    /// <summary>One fractal.</summary>
    public static Argument<Guid> One() => new("UUID") { Description = "The fractal", CustomParser = result => Read(result, result.Tokens[0]) };

    /// <summary>One or more fractals.</summary>
    public static Argument<Guid[]> Many() => new("UUID")
    {
        Description = "The fractals",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Read(result, token))],
    };

    private static Guid Read(ArgumentResult result, Token token)
    {
        if (!Guid.TryParse(token.Value, out var uuid))
        {
            result.AddError($"UUID must be {FractalLimits.UuidLimit}, not '{token.Value}'");
        }
        return uuid;
    }
}
