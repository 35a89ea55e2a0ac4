using System.CommandLine;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Commands;

/// <summary>The argument GROUP, of the groups that can be overridden.</summary>
internal static class GroupArgument
{
    /// <summary>The groups.</summary>
    public static readonly string[] Groups = [FlockSpec.Api, FlockSpec.Worker];

    /// <summary>Builds the argument of a command that needs one group.</summary>
    public static Argument<string> Required() =>
        new Argument<string>("GROUP") { Description = "api or worker" }.AcceptOnlyFromAmong(Groups);

    /// <summary>Builds the argument of a command that works on one group or all.</summary>
    public static Argument<string?> Optional() =>
        new Argument<string?>("GROUP") { Description = "api or worker; both if left out", Arity = ArgumentArity.ZeroOrOne }
            .AcceptOnlyFromAmong(Groups);
}
