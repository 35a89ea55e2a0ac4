using System.Runtime.CompilerServices;
using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>Sends many orders at a time and gives the answers in the order of the tasks.</summary>
internal static class TaskSubmitter
{
    private const int Window = 4 * SharedOptions.Connections;
    private const int Attempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends the tasks. An API that goes away ends the sending, but not before every answer on its way has come.</summary>
    /// <exception cref="FaafoApiException">The API is away, or stayed too busy.</exception>
    public static async IAsyncEnumerable<SubmissionResult> SendAsync(
        IFaafoApi api, IEnumerable<NewFractal> tasks, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var underWay = new Queue<Task<SubmissionResult>>();
        FaafoApiException? outage = null;
        using var next = tasks.GetEnumerator();
        while (true)
        {
            while (outage is null && underWay.Count < Window && next.MoveNext())
            {
                underWay.Enqueue(SendAsync(api, next.Current, time, cancellationToken));
            }
            if (!underWay.TryDequeue(out var oldest))
            {
                break;
            }
            SubmissionResult? answer = null;
            try
            {
                answer = await oldest;
            }
            catch (FaafoApiException e)
            {
                outage ??= e;
            }
            if (answer is not null)
            {
                yield return answer;
            }
        }
        if (outage is not null)
        {
            throw outage;
        }
    }

    private static async Task<SubmissionResult> SendAsync(IFaafoApi api, NewFractal task, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new SubmissionResult(task, await api.CreateAsync(task, cancellationToken), null);
            }
            catch (FaafoApiException e) when (e.Status is 429 or 503 && attempt < Attempts)
            {
                await Task.Delay(FirstPause * (1 << (attempt - 1)), time, cancellationToken);
            }
            catch (FaafoApiException e) when (e.IsRefusal || e.Status == 400)       // 400 is also what the original says
            {
                // A busy API may have kept an order that it could not confirm; asking for it again is then "exists already".
                var kept = attempt > 1 ? await api.FindAsync(task.Uuid, cancellationToken) : null;
                return new SubmissionResult(task, kept, kept is null ? e.Message : null);
            }
        }
    }
}
