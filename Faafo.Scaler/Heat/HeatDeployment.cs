using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Heat;

/// <summary>A flock that Heat has created from a template: the loop sizes its workers by their queue, and touches nothing else.</summary>
/// <param name="options">The options of the command line.</param>
/// <param name="stack">The stack's name or id.</param>
/// <param name="journal">Receives a line for each step.</param>
/// <param name="logs">Creates the loop's log.</param>
/// <param name="time">The clock.</param>
/// <param name="connect">Opens the cloud of a name.</param>
internal sealed class HeatDeployment(
    ScalerOptions options, string stack, RunLog journal, ILoggerFactory logs, TimeProvider time, Func<string, OpenStackClient> connect)
    : IDeployment
{
    /// <summary>Not possible for a stack.</summary>
    public Task<int> PlanAsync(CancellationToken cancellationToken) => throw NotOfHeat();

    /// <summary>Not possible for a stack.</summary>
    public Task<int> UpAsync(UpOptions how, CancellationToken stop) => throw NotOfHeat();

    /// <summary>
    /// Runs the control loop until it is stopped. While another scaler does, it stands by, and takes over when that one ends.
    /// </summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var cloud = connect(options.ReadFlock().Cloud);
        if (options.WithoutLease)
        {
            journal.Write("Nothing excludes a second scaler: --without-lease");
            return await ScaleAsync(cloud, stop);
        }
        var place = await StackLease.PrepareAsync(cloud, await cloud.Orchestration.GetStackAsync(stack, stop), stop);
        var code = await LeasedOperation.RunAsync(
            cloud, place, standby: true, journal.Write, time, (_, leased) => ScaleAsync(cloud, leased), stop);
        await StackLease.RemoveAsync(cloud, place, time, CancellationToken.None);
        return code;
    }

    private async Task<int> ScaleAsync(OpenStackClient cloud, CancellationToken stop)
    {
        using var instances = await HeatInstances.FindAsync(cloud, stack, time, stop);
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud)
        {
            Transform = flock => flock.OfStack(instances.Min, instances.Max),
        };
        var endpoint = options.EndpointOverride ?? instances.Endpoint;
        journal.Write($"The stack {stack} has {instances.Min} to {instances.Max} workers; its API is expected at {endpoint}");
        await new ControlLoop(flocks, instances, FlockAccess.Connect(endpoint), time, logs.CreateLogger<ControlLoop>()).RunAsync(stop);
        journal.Write("The loop has stopped; the stack is left as it is");
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
