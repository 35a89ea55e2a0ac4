using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Heat;

/// <summary>A flock that Heat has created from a template: the loop sizes its workers by the queue and changes nothing else.</summary>
internal static class HeatDeployment
{
    private static readonly TimeSpan ApiTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs the loop until the stop.</summary>
    public static async Task<int> RunAsync(ScalerOptions options, OpenStackClient cloud, string name, RunLog log, ILoggerFactory logs,
        TimeProvider time, CancellationToken stop)
    {
        using var stack = await HeatInstances.FindAsync(cloud, name, time, stop);
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud)
        {
            Transform = flock => flock.OfStack(stack.Min, stack.Max),
        };
        var endpoint = options.EndpointOverride ?? stack.Endpoint;
        log.Write($"The stack {name} has {stack.Min} to {stack.Max} workers; waiting for its API at {endpoint}");
        var api = FaafoClient.Connect(endpoint, timeout: ApiTimeout);
        await new ControlLoop(flocks, stack, api, time, logs.CreateLogger<ControlLoop>()).RunAsync(stop);
        log.Write("The loop has ended; the stack stays as it is");
        return CommandLine.Done;
    }

    /// <summary>Not possible for a stack.</summary>
    public Task<int> DownAsync(bool images, CancellationToken stop) => throw NotOfHeat();

    /// <summary>Opens the running stack for a command: its workers, and its API by an output of the stack.</summary>
    public async Task<FlockAccess> OpenAsync(CancellationToken cancellationToken)
    {
        var flock = options.ReadFlock();
        var cloud = connect(flock.Cloud);
        try
        {
            var instances = await HeatInstances.FindAsync(cloud, stack, time, cancellationToken);
            if (options.EndpointOverride is { } named)
            {
                await EndpointCheck.RequireAsync(
                    named, own: null, $"of the stack {stack}", await instances.ListAsync(cancellationToken), cancellationToken);
            }
            var changeTimeout = flock.AllGroups.Max(group => group.Policy.BootTimeout) * 1.5;
            return new FlockAccess(instances, FlockAccess.Connect(options.EndpointOverride ?? instances.Endpoint), changeTimeout, cloud)
            {
                Spec = options.NamedFlock,
            };
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    private static UsageException NotOfHeat() => new("--stack is not for plan, up and down: Heat creates and deletes a stack");
}
