namespace Faafo.Scaler.Control;

/// <summary>The API as the control loop uses it: an outage is logged once and never ends a round.</summary>
internal sealed partial class ApiConnection(IFaafoApi api, ILogger log)
{
    /// <summary>The HTTP status of the API's last error, 0 when it did not respond; null while it responds.</summary>
    public int? FailedStatus { get; private set; }

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
