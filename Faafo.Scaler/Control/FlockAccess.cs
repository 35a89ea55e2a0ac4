using Faafo.Nodes;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>A running flock as commands see it: its instances and its API, which keeps the overrides.</summary>
/// <param name="instances">The flock's instances; disposed with this.</param>
/// <param name="api">The flock's API.</param>
/// <param name="changeTimeout">How long a group may stay unchanged while a command waits for it.</param>
/// <param name="connection">The connection to the cloud, disposed with this; null on this host.</param>
internal sealed class FlockAccess(IInstanceProvider instances, IFaafoApi api, TimeSpan changeTimeout, IAsyncDisposable? connection = null)
    : IAsyncDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The flock's instances.</summary>
    public IInstanceProvider Instances => instances;

    /// <summary>The flock's API.</summary>
    public IFaafoApi Api => api;

    /// <summary>How long a group may stay unchanged while a command waits for it.</summary>
    public TimeSpan ChangeTimeout => changeTimeout;

    /// <summary>The flock file that the command line names; null when it names none.</summary>
    public FlockSpec? Spec { get; init; }

    /// <summary>
    /// Whether a second API can start while the first still serves: not where the only API listens on the flock's port itself.
    /// </summary>
    public bool CanReplaceApis { get; init; } = true;

    /// <summary>Connects to the API of a flock.</summary>
    public static IFaafoApi Connect(Uri endpoint) => FaafoClient.Connect(endpoint, timeout: RequestTimeout);

    /// <summary>Finds the running scaler among the nodes; null when none runs.</summary>
    public static Node? FindScaler(IEnumerable<Node> nodes) =>
        nodes.FirstOrDefault(node => node is { Name: ControlLoop.NodeName, State: NodeState.Ready });

    /// <summary>Reads the overrides of a group.</summary>
    public async Task<GroupOverrides> GetOverridesAsync(string group, CancellationToken cancellationToken)
    {
        var all = await api.GetGroupsAsync(cancellationToken);
        return all.FirstOrDefault(one => one.Group == group) ?? new GroupOverrides(group, Paused: false, Size: null);
    }

    public async ValueTask DisposeAsync()
    {
        (instances as IDisposable)?.Dispose();
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
