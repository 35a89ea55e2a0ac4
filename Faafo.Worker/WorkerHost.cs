using Faafo.Images;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>Puts the worker together and runs it.</summary>
internal static partial class WorkerHost
{
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs until a signal or a drain has been obeyed.</summary>
    /// <exception cref="UsageException">A URL makes no sense.</exception>
    public static async Task<int> RunAsync(WorkerOptions options, CancellationToken stop)
    {
        using var logs = LoggerFactory.Create(logging => logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        }));
        var log = logs.CreateLogger("faafo-worker");
        var time = TimeProvider.System;
        var (queue, images) = Open(options, time);
        await using var _ = queue;
        using var node = new InFlightTasks();
        // Drawing keeps up to so many threads; as many as ever stay for heartbeats and acknowledgements.
        ThreadPool.GetMinThreads(out var threads, out var completions);
        ThreadPool.SetMinThreads(threads + options.Slots + Environment.ProcessorCount, completions);
        var handler = new FractalTaskHandler(options, images, FaafoClient.Connect(options.EndpointUrl, options.Slots + 1), node, time,
            logs.CreateLogger<FractalTaskHandler>());
        var rendering = new TaskConsumer(options, queue, handler, node, time, logs.CreateLogger<TaskConsumer>());
        var heartbeat = new Heartbeat(options, FaafoClient.Connect(options.EndpointUrl, 1, HeartbeatTimeout), node, time,
            logs.CreateLogger<Heartbeat>());

        Started(log, options.NodeName, options.Slots, options.EndpointUrl);
        using var beating = new CancellationTokenSource();
        using var leaving = stop.Register(node.Leave);
        var beats = heartbeat.RunAsync(beating.Token);
        var work = rendering.RunAsync();
        if (await Task.WhenAny(work, beats) == beats)
        {
            // Without heartbeats the worker counts as dead and is replaced: it hands back what it holds and ends.
            Exception? cause = beats.Exception;
            HeartbeatEnded(log, cause);
            node.Leave();
            await work;
            return CommandLine.Failed;
        }
        await work;
        await beating.CancelAsync();
        await beats;
        await heartbeat.BeatAsync(NodeState.Left, CancellationToken.None);
        Leaving(log, options.NodeName);
        return CommandLine.Done;
    }

    private static (ITaskQueue, IImageStore) Open(WorkerOptions options, TimeProvider time)
    {
        try
        {
            return (TaskQueue.Open(options.TransportUrl, options.QueueType, options.NodeName, time), ImageStore.Open(options.ImageStoreUrl));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} works in {Slots} slots for {Endpoint}")]
    private static partial void Started(ILogger log, string name, int slots, Uri endpoint);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The heartbeat has ended: the worker ends too")]
    private static partial void HeartbeatEnded(ILogger log, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} holds nothing and leaves")]
    private static partial void Leaving(ILogger log, string name);
}
