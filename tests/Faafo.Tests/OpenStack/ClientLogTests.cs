using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ClientLogTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retries_and_logins_are_logged_with_their_reason()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var logs = new RecordingLoggerProvider();
        using var client = cloud.Client(options: new OpenStackClientOptions { LoggerFactory = logs });
        await client.Session.GetTokenAsync(Ct);
        cloud.RevokeTokens();
        cloud.Inject("GET", "/networks", Fault.Status(503));

        await client.Networking.ListNetworksAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal([4001, 4011, 4002, 4001], logs.Events.Select(one => one.Id));
        var retry = logs.Events.Single(one => one.Id == 4011);
        Assert.Equal(LogLevel.Information, retry.Level);
        Assert.Matches("^Attempt 1 of 5 of GET /network/v2.0/networks at network failed, retrying in .*: status 503$", retry.Text);
        Assert.Equal(
            "network rejected the token for GET /network/v2.0/networks; logging in again",
            logs.Events.Single(one => one.Id == 4002).Text);
    }

    [Fact]
    public async Task Renewal_that_fails_is_a_warning()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var logs = new RecordingLoggerProvider();
        using var client = cloud.Client(options: new OpenStackClientOptions { LoggerFactory = logs });
        await client.Session.GetTokenAsync(Ct);
        cloud.Time.Advance(cloud.TokenLife - TimeSpan.FromSeconds(60));
        cloud.Inject("POST", "/auth/tokens", Fault.Status(503), times: 5);

        await client.Session.GetTokenAsync(Ct);

        Assert.Equal((4003, LogLevel.Warning), logs.Events.Where(one => one.Id != 4011).Select(one => (one.Id, one.Level)).Last());
    }

    [Fact]
    public async Task Waits_are_logged_until_their_end()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var logs = new RecordingLoggerProvider();
        using var client = cloud.Client(options: new OpenStackClientOptions { LoggerFactory = logs });
        cloud.Answer("GET", "/image/v2/images/i", """{"id":"i","name":"debian","status":"active"}""");
        cloud.Inject("GET", "/images/i", Fault.Status(200, """{"id":"i","name":"debian","status":"saving"}"""));

        await client.Images.WaitUntilActiveAsync("i", TimeSpan.FromMinutes(1), Ct);

        var waits = logs.Events.Where(one => one.Id is 4021 or 4022).ToList();
        Assert.Equal([4021, 4022], waits.Select(one => one.Id));
        Assert.StartsWith("Waiting for image i since 00:00:0", waits[0].Text, StringComparison.Ordinal);
        Assert.EndsWith(": active", waits[1].Text, StringComparison.Ordinal);
    }
}
