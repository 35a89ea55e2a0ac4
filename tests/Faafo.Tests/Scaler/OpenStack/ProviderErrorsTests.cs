using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

public sealed class ProviderErrorsTests
{
    private const string Quota = """
        {"forbidden":{"code":403,"message":"Quota exceeded for instances: Requested 1, but already used 2 of 2 instances"}}
        """;
    private const string Policy = """
        {"forbidden":{"code":403,"message":"Policy doesn't allow os_compute_api:servers:show to be performed."}}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "{}", "Rejected")]
    [InlineData(403, Policy, "Forbidden")]
    [InlineData(403, Quota, "Quota")]
    [InlineData(404, """{"itemNotFound":{"code":404,"message":"Instance x could not be found."}}""", "NotFound")]
    [InlineData(409, "{}", "Conflict")]
    [InlineData(429, "{}", "Transient")]
    [InlineData(500, "{}", "Transient")]
    [InlineData(503, "{}", "Transient")]
    public async Task Error_of_the_cloud_keeps_its_kind(int status, string body, string kind)
    {
        await using var cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", "/servers/s", Fault.Status(status, body), times: 20);

        var error = await Assert.ThrowsAsync<ProviderException>(() =>
            ProviderErrors.TranslateErrorsAsync("read the server", () => client.Compute.GetServerAsync("s", Ct)));

        Assert.Equal(Enum.Parse<ProviderErrorKind>(kind), error.Kind);
        Assert.StartsWith("cannot read the server: ", error.Message, StringComparison.Ordinal);
    }
}
