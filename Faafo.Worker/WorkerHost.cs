using Faafo.Images;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>Composes the worker and runs it.</summary>
internal static partial class WorkerHost
{
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs until <paramref name="stop"/> is set or the API requests a drain, and the worker has drained.</summary>
    /// <exception cref="UsageException">A URL is invalid.</exception>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken stop)
    {
        using var logs = WorkerLogging.Create();
        var log = logs.CreateLogger("faafo-worker");
        var time = TimeProvider.System;
        await using var queue = Open(() => TaskQueue.Open(options.TransportUrl, options.QueueType, options.NodeName, time));
        var images = Open(() => ImageStore.Open(options.ImageStoreUrl));
        using var drain = new DrainState();
        var inFlight = new InFlightTasks();
        ReserveThreads(options.Slots);
        var api = FaafoClient.Connect(options.EndpointUrl, options.Slots + 1);
        var reporter = new ResultReporter(options, images, api, time, logs.CreateLogger<ResultReporter>());
        var renderer = new FractalRenderer(options, images, reporter, inFlight, time, logs.CreateLogger<FractalRenderer>());
        var handler = new FractalTaskHandler(renderer, reporter, inFlight, logs.CreateLogger<FractalTaskHandler>());
        var consumer = new TaskConsumer(options, queue, handler, drain, time, logs.CreateLogger<TaskConsumer>());
        var heartbeatApi = FaafoClient.Connect(options.EndpointUrl, 1, HeartbeatTimeout);
        var heartbeat = new Heartbeat(options, heartbeatApi, inFlight, drain, time, logs.CreateLogger<Heartbeat>());

        Started(log, options.NodeName, options.Slots, options.EndpointUrl);
        using var stopHeartbeats = new CancellationTokenSource();
        await using var stopping = stop.Register(drain.Stop);
        var heartbeats = heartbeat.RunAsync(stopHeartbeats.Token);
        var work = consumer.RunAsync();
        if (await Task.WhenAny(work, heartbeats) == heartbeats)
        {
            // A worker without heartbeats counts as dead and is replaced, so it returns its tasks and exits.
            HeartbeatsStopped(log, heartbeats.Exception);
            drain.Stop();
            await work;
            return CommandLine.Failed;
        }
        await work;
        await stopHeartbeats.CancelAsync();
        await heartbeats;
        await heartbeat.SendAsync(NodeState.Left, CancellationToken.None);
        Drained(log, options.NodeName);
        return CommandLine.Done;
    }

    // Rendering occupies up to a thread per slot; the pool keeps its usual number of threads for heartbeats and acknowledgements.
    private static void ReserveThreads(int slots)
    {
        ThreadPool.GetMinThreads(out var threads, out var completions);
        ThreadPool.SetMinThreads(threads + slots + Environment.ProcessorCount, completions);
    }

    private static T Open<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Information, Message = "{Name} started: {Slots} slots, API {Endpoint}")]
    private static partial void Started(ILogger log, string name, int slots, Uri endpoint);

    [LoggerMessage(EventId = 2001, Level = LogLevel.Critical, Message = "Heartbeats stopped unexpectedly, shutting down")]
    private static partial void HeartbeatsStopped(ILogger log, Exception? exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "{Name} drained, shutting down")]
    private static partial void Drained(ILogger log, string name);
}
