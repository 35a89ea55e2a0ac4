using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class DependencyInjectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_of_a_container_sends_through_its_handlers_and_logs_to_its_loggers()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        var logs = new RecordingLoggerProvider();
        var handler = new Counting();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddOpenStack(_ => cloud.Config).AddHttpMessageHandler(() => handler);
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<OpenStackClient>();
        var token = await client.Session.GetTokenAsync(Ct);
        await client.Networking.ListNetworksAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(2, handler.Count);
        Assert.Same(client, provider.GetRequiredService<OpenStackClient>());
        Assert.Contains(logs.Events, one => one is { Category: "Faafo.OpenStack", Id: 4001 });
        Assert.Contains(
            logs.Events, one => one.Category.StartsWith("System.Net.Http.HttpClient.Faafo.OpenStack", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Events, one => one.Text.Contains(token.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_are_configured_as_those_of_other_services()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        var services = new ServiceCollection();
        services.AddOpenStack(_ => cloud.Config, options => options.MaxAttempts = 7);
        services.Configure<OpenStackClientOptions>(options => options.MaxAttempts = 1);
        using var provider = services.BuildServiceProvider();
        cloud.Inject("GET", "/flavors/1", Fault.Status(500), times: 1);

        // A second attempt would find no such flavor.
        var e = await Assert.ThrowsAsync<OpenStackApiException>(
            () => provider.GetRequiredService<OpenStackClient>().Compute.GetFlavorAsync("1", Ct));

        Assert.Equal(500, (int)e.Status);
    }

    [Fact]
    public async Task Container_that_is_disposed_synchronously_disposes_the_client()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        var services = new ServiceCollection();
        services.AddOpenStack(_ => cloud.Config);
        OpenStackClient client;
        using (var provider = services.BuildServiceProvider())
        {
            client = provider.GetRequiredService<OpenStackClient>();
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Session.GetTokenAsync(Ct));
    }

    private sealed class Counting : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
