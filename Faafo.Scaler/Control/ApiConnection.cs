using Faafo.Nodes;

namespace Faafo.Scaler.Control;

/// <summary>The API as the control loop uses it: an outage is logged once and never ends a round.</summary>
internal sealed partial class ApiConnection(IFaafoApi api, ILogger log)
{
    private IReadOnlyList<GroupOverrides>? _overrides;

    /// <summary>The HTTP status of the API's last error, 0 when it did not respond; null while it responds.</summary>
    public int? FailedStatus { get; private set; }

    /// <summary>
    /// Reads what a round needs. An API that fails one reading is not asked for the next: each may take until its timeout.
    /// </summary>
    public async Task<ApiReadings> ReadAsync(CancellationToken cancellationToken)
    {
        var nodes = await TryAsync((client, stop) => client.GetNodesAsync(stop), cancellationToken);
        if (nodes is null)
        {
            return new ApiReadings(null, null, _overrides, FailedStatus);
        }
        var queue = await TryAsync((client, stop) => client.GetQueueAsync(stop), cancellationToken);
        _overrides = await TryAsync((client, stop) => client.GetGroupsAsync(stop), cancellationToken) ?? _overrides;
        return new ApiReadings(nodes, queue, _overrides, FailedStatus);
    }

    /// <summary>Sends a request; returns the default value when it fails.</summary>
    public async Task<T?> TryAsync<T>(Func<IFaafoApi, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await request(api, cancellationToken);
            FailedStatus = null;
            return response;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (FailedStatus is null)
            {
                Unreachable(log, e.Message);
            }
            FailedStatus = (e as FaafoApiException)?.Status ?? 0;
            return default;
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "API unreachable; holding or growing only: {Reason}")]
    private static partial void Unreachable(ILogger log, string reason);
}
