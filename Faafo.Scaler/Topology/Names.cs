namespace Faafo.Scaler.Topology;

/// <summary>
/// How the things of a flock are called in its cloud, and how they are known again. Servers carry tags, which Nova takes with the
/// request that makes them. Neutron tags only afterwards, and a run that is cut between the two would leave a thing that nobody
/// knows; so everything of Neutron carries <see cref="Mark"/> in its description, which comes with the request.
/// </summary>
internal sealed record Names(string Flock)
{
    /// <summary>The description of what was made for this flock.</summary>
    public string Mark => $"made by faafo-scaler for flock={Flock}";

    /// <summary>The tag of its servers.</summary>
    public string Tag => $"flock={Flock}";

    /// <summary>The container of its lease, its secret and its programs.</summary>
    public string Container => Flock;

    /// <summary>The container of its pictures.</summary>
    public string Images => $"{Flock}-images";

    /// <summary>Its key pair, if it has one of its own; key pairs carry no mark but their name.</summary>
    public string KeyPair => $"faafo-scaler-{Flock}";

    /// <summary>Its router, and the application credential of its programs.</summary>
    public string Own => Flock;

    /// <summary>A thing of one group or network: <c>faafo-api</c>.</summary>
    public string Of(string group) => $"{Flock}-{group}";

    /// <summary>The tag of a group's servers.</summary>
    public static string GroupTag(string group) => $"group={group}";

    /// <summary>An instance's name: <c>app-worker-3</c>; there is only one of the others.</summary>
    public static string Node(string group, int number) => group is Scaler.Flock.Api or Scaler.Flock.Worker ? $"app-{group}-{number}" : $"app-{group}";

    /// <summary>The number in an instance's name; 1 where there is none.</summary>
    public static int NumberOf(string node) => int.TryParse(node.AsSpan(node.LastIndexOf('-') + 1), out var number) ? number : 1;
}
