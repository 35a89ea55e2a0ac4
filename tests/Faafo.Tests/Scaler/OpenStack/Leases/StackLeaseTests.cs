using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.Heat;
using Faafo.Scaler.Output;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Leases;

/// <summary>Two scalers on one stack of Heat.</summary>
public sealed class StackLeaseTests : IAsyncLifetime
{
    private const string Container = "faafo-stack-5f1c";
    private const string Scaling = "The stack flock has 1 to 3 workers";

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-stack-").FullName;
    private readonly FakeTimeProvider _time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<StringWriter> _outputs = [];
    private FakeOpenStack _cloud = null!;
    private long _requests;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await FakeOpenStack.StartAsync();
        _cloud.TokenLife = TimeSpan.FromDays(30);
        await File.WriteAllTextAsync(Path.Combine(_folder, "flock.yaml"), "cloud: fake", Ct);
        const string stacks = "/heat/v1/p1/stacks/";
        _cloud.Answer("GET", stacks + "flock", """
            {"stack": {"id": "5f1c", "stack_name": "flock", "stack_status": "CREATE_COMPLETE", "outputs": [
                {"output_key": "scale_up_url", "output_value": "http://127.0.0.1:1/up"},
                {"output_key": "scale_down_url", "output_value": "http://127.0.0.1:1/down"},
                {"output_key": "api_url", "output_value": "http://127.0.0.1:1/"},
                {"output_key": "min_workers", "output_value": 1}, {"output_key": "max_workers", "output_value": 3}]}}
            """);
        _cloud.Answer("GET", stacks + "flock/5f1c/resources", """
            {"resources": [{"resource_name": "workers", "resource_type": "OS::Heat::AutoScalingGroup", "physical_resource_id": "9a2b",
                "resource_status": "CREATE_COMPLETE"}]}
            """);
        _cloud.Answer("GET", stacks + "9a2b", """
            {"stack": {"id": "9a2b", "stack_name": "flock-workers", "stack_status": "CREATE_COMPLETE"}}
            """);
        _cloud.Answer("GET", stacks + "flock-workers/9a2b/resources", """{"resources": []}""");
    }

    [Fact]
    public async Task Second_scaler_of_a_stack_stands_by_and_takes_over()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = RunAsync(stop.Token);
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Contains(Scaling, _outputs[0].ToString(), StringComparison.Ordinal);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var second = RunAsync(end.Token);
        await PassAsync(TimeSpan.FromMinutes(2));
        Assert.Contains("runs the stack flock: standing by", _outputs[1].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Scaling, _outputs[1].ToString(), StringComparison.Ordinal);

        await stop.CancelAsync();

        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(CommandLine.Done, await first);
        Assert.Contains(Scaling, _outputs[1].ToString(), StringComparison.Ordinal);
        await end.CancelAsync();
        await PassAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(CommandLine.Done, await second);
        Assert.Empty(_cloud.Swift.Containers);
    }

    [Fact]
    public async Task Stack_without_a_place_for_a_lease_is_scaled_only_if_told_to()
    {
        _cloud.Without.Add("object-store");

        var error = await Assert.ThrowsAsync<FailureException>(() => RunAsync(Ct));

        Assert.StartsWith("cannot exclude a second scaler from the stack flock, because there is no object store for the lease (",
            error.Message, StringComparison.Ordinal);
        Assert.EndsWith("make sure that this is the only one, and give --without-lease", error.Message, StringComparison.Ordinal);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = RunAsync(stop.Token, withoutLease: true);
        await PassAsync(TimeSpan.FromSeconds(5));
        await stop.CancelAsync();
        await PassAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(CommandLine.Done, await running);
        Assert.Contains("Nothing excludes a second scaler", _outputs[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_of_another_owner_is_not_used_for_the_lease()
    {
        _cloud.Swift.Containers.Add(Container);

        var error = await Assert.ThrowsAsync<FailureException>(() => RunAsync(Ct));

        Assert.Equal($"the container {Container} exists and is not the one of the stack flock: rename or delete it", error.Message);
        Assert.Empty(_cloud.Swift.Objects);
    }

    public async ValueTask DisposeAsync()
    {
        await _cloud.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> RunAsync(CancellationToken stop, bool withoutLease = false)
    {
        var output = new StringWriter();
        _outputs.Add(output);
        using var log = new RunLog(Path.Combine(_folder, $"{_outputs.Count}"), output, _time);
        var options = new ScalerOptions(_folder, Path.Combine(_folder, "flock.yaml"), null, new Uri("http://127.0.0.1:1/"))
        {
            WithoutLease = withoutLease,
        };
        var deployment = new HeatDeployment(options, "flock", log, NullLoggerFactory.Instance, _time, _ => Connect());
        return await Task.Run(() => deployment.RunAsync(stop));
    }

    private OpenStackClient Connect() => new(_cloud.Config, new OpenStackClientOptions
    {
        TimeProvider = _time,
        Random = new Random(1),
        Transport = new InProcessTransport(_cloud)
        {
            Network = async (_, handle, _) =>
            {
                Interlocked.Increment(ref _requests);
                return await handle();
            },
        },
    });

    private Task PassAsync(TimeSpan time) => new SimulatedTime(_time, () => Volatile.Read(ref _requests)).PassAsync(time);
}
