using System.CommandLine;
using System.CommandLine.Parsing;
using Faafo.Fractals;

namespace Faafo.Cli.Commands;

/// <summary>Arguments that name fractals.</summary>
internal static class UuidArgument
{
    /// <summary>Creates an argument for one fractal.</summary>
    public static Argument<Guid> One() =>
        new("UUID") { Description = "The fractal", CustomParser = result => Read(result, result.Tokens[0]) };

    /// <summary>Creates an argument for one or more fractals.</summary>
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
            result.AddError($"UUID must be {FractalLimits.UuidLimit} (got '{token.Value}')");
        }
        return uuid;
    }
}
