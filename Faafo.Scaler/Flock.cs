using Faafo.Scaler.Policy;

namespace Faafo.Scaler;

/// <summary>One group of a flock.</summary>
/// <param name="Name"><c>api</c> or <c>worker</c>.</param>
/// <param name="Slots">Tasks that one instance works on at a time.</param>
/// <param name="Policy">How it is scaled.</param>
internal sealed record GroupSpec(string Name, int Slots, PolicyOptions Policy);

/// <summary>What flock.yaml says: the deployment as it is wanted.</summary>
internal sealed record Flock
{
    /// <summary>Name of the APIs' group.</summary>
    public const string Api = "api";

    /// <summary>Name of the workers' group.</summary>
    public const string Worker = "worker";

    /// <summary>Time between two decisions.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The task queue; null for the embedded one.</summary>
    public string? TransportUrl { get; init; }

    /// <summary>The database; null for the embedded one.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>The image store; null for the embedded one.</summary>
    public string? ImageStoreUrl { get; init; }

    /// <summary>The APIs. Locally there is one.</summary>
    public GroupSpec Apis { get; init; } = new(Api, 1, new PolicyOptions { Min = 1, Max = 1, BootTimeout = TimeSpan.FromMinutes(2) });

    /// <summary>The workers. On one host, four of one slot each show what scaling is; more than its cores gain nothing.</summary>
    public GroupSpec Workers { get; init; } = new(Worker, 1, new PolicyOptions
    {
        Min = 1,
        Max = Math.Max(4, Environment.ProcessorCount),
        ScaleInWindow = TimeSpan.FromSeconds(5),
        BootTimeout = TimeSpan.FromMinutes(2),     // half a second on an idle host, but hosts are not always idle
    });

    /// <summary>Both groups.</summary>
    public IReadOnlyList<GroupSpec> Groups => [Apis, Workers];
}
