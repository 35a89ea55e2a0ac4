using System.Runtime.CompilerServices;
using Faafo.Fractals;
using Faafo.OpenStack;

namespace Faafo.Cli;

/// <summary>Submits many tasks at a time and returns the results in the order of the tasks.</summary>
internal static class TaskSubmitter
{
    private const int Window = 4 * SharedOptions.Connections;
    private const int Attempts = 6;
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    /// <summary>Submits tasks. After an outage no further task is sent, but the results of those in flight are returned first.</summary>
    /// <exception cref="FaafoApiException">The API is unreachable, or still busy after all attempts.</exception>
    public static async IAsyncEnumerable<SubmissionResult> SubmitAsync(
        IFaafoApi api, IEnumerable<NewFractal> tasks, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var inFlight = new Queue<Task<SubmissionResult>>();
        FaafoApiException? outage = null;
        using var next = tasks.GetEnumerator();
        while (true)
        {
            while (outage is null && inFlight.Count < Window && next.MoveNext())
            {
                inFlight.Enqueue(SubmitAsync(api, next.Current, time, cancellationToken));
            }
            if (!inFlight.TryDequeue(out var oldest))
            {
                break;
            }
            SubmissionResult? result = null;
            try
            {
                result = await oldest;
            }
            catch (FaafoApiException e)
            {
                outage ??= e;
            }
            if (result is not null)
            {
                yield return result;
            }
        }
        if (outage is not null)
        {
            throw outage;
        }
    }

    private static async Task<SubmissionResult> SubmitAsync(
        IFaafoApi api, NewFractal task, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new SubmissionResult(task, await api.CreateAsync(task, cancellationToken), null);
            }
            catch (FaafoApiException e) when (e.Status is 429 or 503 && attempt < Attempts)
            {
                await Task.Delay(Backoff.After(attempt), time, cancellationToken);
            }
            // The original Faafo (openstack-archive/faafo) refuses with a plain 400.
            catch (FaafoApiException e) when (e.IsRefusal || e.Status == 400)
            {
                // A busy API may have kept a task without confirming it; the retry then fails with "exists already".
                var kept = attempt > 1 ? await api.FindAsync(task.Uuid, cancellationToken) : null;
                return new SubmissionResult(task, kept, kept is null ? e.Message : null);
            }
        }
    }
}
