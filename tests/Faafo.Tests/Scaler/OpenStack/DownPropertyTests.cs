using System.Text.Json.Nodes;
using CsCheck;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Faafo.Tests.OpenStack.Ownership;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

/// <summary>
/// <c>faafo-scaler down</c> in any weather, among resources of others of every kind: nothing of others is deleted, and what belongs to the
/// flock is gone or an error is reported.
/// </summary>
public sealed class DownPropertyTests : IDisposable
{
    private static readonly ResourceNames Names = new("faafo", "p1", "One", "0123456789ab");

    private static readonly ResourceKind[] Kinds =
    [
        ResourceKind.Server, ResourceKind.FloatingIP, ResourceKind.LoadBalancer, ResourceKind.Port, ResourceKind.Router,
        ResourceKind.Subnet, ResourceKind.Network, ResourceKind.SecurityGroup,
    ];

    // The same flock in another project, and flocks and people in this project whose marks only look like its own.
    private static readonly (string Project, string Mark, string Tag)[] Others =
    [
        ("p2", Names.Mark, Names.Tag), ("p1", new ResourceNames("faafo").Mark, Names.Tag),
        ("p1", (Names with { Id = "ba9876543210" }).Mark, "flock-id=ba9876543210"),
        ("p1", new ResourceNames("faafo2").Mark, "flock=faafo2"), ("p1", "", "web"),
        ("p1", Names.Mark + " ", "flock=faaf"), ("p1", "my " + Names.Mark, "faafo"), ("p1", Names.UserMark, "Flock=faafo"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-down-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public DownPropertyTests() => File.WriteAllText(Path.Combine(_folder, "flock.yaml"), $"cloud: fake\nid: {Names.Id}");

    [Fact]
    public Task Down_deletes_nothing_of_others_and_reports_what_it_leaves() => Gen.Select(
        CloudWeather.Any,
        Gen.Select(Gen.OneOf([.. Kinds, ResourceKind.Volume]), Gen.OneOf(Others)).Array[0, 12],
        Gen.OneOf(Kinds).Array[0, 8],
        Gen.Bool).SampleAsync(RunAsync, iter: 60, threads: 1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(
        CloudWeather weather, (ResourceKind, (string, string, string))[] foreign, ResourceKind[] own, bool hasContainer)
    {
        await using var fake = await FakeOpenStack.StartAsync();
        var population = new Population(fake);
        foreach (var (kind, (project, mark, tag)) in foreign)
        {
            population.Add(kind, isOwn: false, project, mark, tag);
        }
        foreach (var kind in own)
        {
            var id = population.Add(kind, isOwn: true, "p1", Names.Mark, ["faafo", .. Names.Tags, "group=worker"]);
            if (kind == ResourceKind.LoadBalancer)
            {
                population.PlaceBalancer(id, population.Add(ResourceKind.Network, isOwn: true, "p1", Names.Mark));
            }
        }
        AddOfUser(fake, Names.KeyPair, Names.UserMark, "p1");
        AddOfUser(fake, "faafo-scaler-faafo", (Names with { Region = "Two" }).UserMark, "p1");
        AddOfUser(fake, "demokey", Names.UserMark, "p2");
        if (hasContainer)
        {
            await using var client = fake.Client();
            await SecretStore.EnsureContainerAsync(client, Names, Names.Container, _ => { }, Ct);
            await FlockRegistration.EnsureAsync(client, Names, id: null, _ => { }, Ct);
        }
        fake.Swift.Containers.Add("faafo2");
        fake.Swift.Objects["faafo2/letters"] = ([1], "text/plain", []);
        weather.Over(fake);

        var (error, output) = await DownAsync(fake);

        Assert.Empty(population.ForeignGone());
        Assert.True(fake.Compute.KeyPairs.Count >= 2 && fake.Identity.Credentials.Count >= 2, $"a login of others is gone\n{output}");
        Assert.Contains("faafo2", fake.Swift.Containers);
        Assert.Contains("faafo2/letters", fake.Swift.Objects.Keys);
        var left = population.OwnLeft();
        Assert.True(error || (left.Count == 0 && fake.Compute.KeyPairs.Count == 2 && fake.Identity.Credentials.Count == 2),
            $"left without an error: {string.Join(", ", left)}\n{output}");
        Assert.False(
            error && weather.Faults.Length == 0 && Version.Parse(weather.MaxMicroversion) >= new Version(2, 26), $"an error\n{output}");
    }

    private static void AddOfUser(FakeOpenStack fake, string key, string mark, string project)
    {
        fake.Compute.KeyPairs.Add(new JsonObject { ["name"] = key, ["fingerprint"] = "f", ["public_key"] = "ssh-ed25519 A" });
        fake.Identity.Credentials.Add(new FakeApplicationCredential($"credential-of-{key}", "u1", project, $"login of {key}", mark, "s"));
    }

    private async Task<(bool IsError, string Output)> DownAsync(FakeOpenStack fake)
    {
        var time = new WaitingTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var output = new StringWriter();
        using var log = new RunLog(_folder, output, time);
        var flocks = new FlockSpecMonitor(Path.Combine(_folder, "flock.yaml"), new RecordingLogger<FlockSpecMonitor>());
        var options = new ScalerOptions(_folder, null, null, new Uri("http://127.0.0.1:1/"));
        var deployment = new OpenStackDeployment(options, flocks, log, NullLoggerFactory.Instance, time, _ => fake.Client());
        var down = deployment.DownAsync(images: false, Ct);
        await Eventually.TrueAsync("the lease settles", _ => Task.FromResult(down.IsCompleted || time.Waiting > 0));
        time.Advance(LeaderLease.Times.SettleTime);
        try
        {
            return (await down != CommandLine.Done, output.ToString());
        }
        catch (Exception e)
        {
            return (true, $"{output}{e}");
        }
    }
}
