using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Heat;

/// <summary>A flock that Heat has made of a template: the loop sizes its workers by their queue, and touches nothing else.</summary>
internal static class HeatDeployment
{
    /// <summary>The loop, until it is told to stop.</summary>
    public static async Task<int> RunAsync(ScalerOptions options, OpenStackClient cloud, string name, RunLog journal, ILoggerFactory logs, TimeProvider time,
        CancellationToken stop)
    {
        using var stack = await HeatInstances.FindAsync(cloud, name, time, stop);
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud) { Transform = flock => flock.OfStack(stack.Min, stack.Max) };
        var endpoint = options.EndpointOverride ?? stack.Endpoint;
        journal.Write($"The stack {name} has {stack.Min} to {stack.Max} workers, and its API is to answer at {endpoint}");
        var loop = new ControlLoop(flocks, stack, FaafoClient.Connect(endpoint, timeout: TimeSpan.FromSeconds(10)), time, logs.CreateLogger<ControlLoop>());
        await loop.RunAsync(stop);
        journal.Write("The loop ends; the stack stays as it is");
        return CommandLine.Done;
    }
}
