using System.Net;
using System.Net.Sockets;
using Faafo.Options;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

// What has to be there before the loop begins: a port, an API, HAProxy, and what an earlier scaler left.
internal sealed partial class LocalDeployment
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private async Task StartApiAsync(LocalInstances cloud, FlockSpec flock, RunLog journal, CancellationToken stop)
    {
        var api = (await cloud.ListAsync(stop)).FirstOrDefault(i => i.Group == FlockSpec.Api);
        if (api is null)
        {
            journal.Write($"Starting the API on {options.Endpoint}; state is kept in {options.StateDir}");
            api = await cloud.CreateAsync(flock.Apis, $"app-{FlockSpec.Api}-1", stop);
        }
        // Behind HAProxy, it answers somewhere else.
        var itself = FaafoClient.Connect(cloud.AddressOf(api) ?? options.Endpoint, timeout: TimeSpan.FromSeconds(10));
        await WaitAsync(async () =>
        {
            if (await itself.IsReadyAsync(stop))
            {
                return true;
            }
            // Its pid may not be written yet in the first moments.
            if (time.GetUtcNow() - api.CreatedAt > TimeSpan.FromSeconds(1) && !(await cloud.ListAsync(stop)).Any(i => i.Id == api.Id && i.IsRunning))
            {
                throw new FailureException($"the API has ended; the end of its log:\n{Tail(cloud.LogOf(api.Name))}");
            }
            return false;
        }, StartTimeout, () => $"the API is not ready after {StartTimeout.TotalSeconds:0} s; the end of its log:\n{Tail(cloud.LogOf(api.Name))}", stop);
    }

    private async Task StartBalancerAsync(LocalInstances cloud, FlockSpec flock, RunLog journal, CancellationToken stop)
    {
        var name = ResourceNames.Node(FlockSpec.LoadBalancer, 1);
        if (await cloud.FindBalancerAsync(stop) is null)
        {
            var refusal = "";
            // The API says at its first heartbeat where it is.
            await WaitAsync(async () =>
            {
                try
                {
                    await cloud.CreateAsync(flock.Balancers, name, stop);
                    return true;
                }
                catch (FailureException e)
                {
                    refusal = e.Message;
                    return false;
                }
            }, StartTimeout, () => refusal, stop);
        }
        await WaitAsync(() => _api.IsReadyAsync(stop), StartTimeout, () => $"HAProxy does not answer; the end of its log:\n{Tail(cloud.LogOf(name))}", stop);
        journal.Write($"HAProxy's statistics are at {(await cloud.FindBalancerAsync(stop))?.Statistics}");
    }

    // Instances that an earlier scaler left behind go on under this one; records of what has ended are removed.
    private static async Task AdoptAsync(LocalInstances cloud, RunLog journal, CancellationToken stop)
    {
        foreach (var instance in await cloud.ListAsync(stop))
        {
            if (instance.IsRunning)
            {
                journal.Write($"Adopting {instance.Name}, which an earlier scaler left running");
            }
            else
            {
                await cloud.DeleteAsync(instance, stop);
            }
        }
    }

    private void CheckPort()
    {
        if (LocalInstances.EndpointOf(options.StateDir) is { } ours)
        {
            if (ours == options.Endpoint)
            {
                return;
            }
            throw new FailureException($"the API of {options.StateDir} listens on {ours} already: leave --port out, or run down first");
        }
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, options.Endpoint.Port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new FailureException($"port {options.Endpoint.Port} cannot be used ({e.Message}): choose another --port", e);
        }
    }

    private void CheckBalancing(FlockSpec flock)
    {
        if (flock.Balancing != Balancing.HAProxy)
        {
            return;
        }
        HAProxySupervisor.FindProgram();
        if (LocalInstances.EndpointOf(options.StateDir) is { } endpoint && !LocalInstances.HasBalancer(options.StateDir))
        {
            throw new FailureException($"the API of {options.StateDir} has the port {endpoint.Port} itself: 'faafo-scaler down' first");
        }
    }

    private static string Tail(string path) =>
        File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(10)) : "(it has written none)";
}
