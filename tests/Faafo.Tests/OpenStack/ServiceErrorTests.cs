using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.TestKit.OpenStack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Errors as the services word them: used quotas, and 404 that does not mean that a resource is gone.</summary>
public sealed class ServiceErrorTests
{
    private const string Proxy = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1>nginx</body></html>";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("block-storage", 413, "0",
        """{"overLimit":{"code":413,"message":"VolumeLimitExceeded: Maximum number of volumes","retryAfter":"0"}}""")]
    [InlineData("block-storage", 413, "0",
        """{"overLimit":{"code":413,"message":"Maximum number of snapshots allowed (10) exceeded","retryAfter":"0"}}""")]
    [InlineData("block-storage", 413, null,
        """{"overLimit":{"code":413,"message":"Requested volume or snapshot exceeds allowed gigabytes quota."}}""")]
    [InlineData("compute", 403, null, """{"forbidden":{"code":403,"message":"Maximum number of ports exceeded"}}""")]
    [InlineData("compute", 403, null,
        """{"forbidden":{"code":403,"message":"Quota exceeded for instances: Requested 1, but already used 10"}}""")]
    [InlineData("orchestration", 400, null, """
        {"code":400,"title":"Bad Request","explanation":"x","error":{"type":"RequestLimitExceeded","traceback":null,
        "message":"Request limit exceeded: You have reached the maximum stacks per tenant, 100. Please delete some stacks."}}
        """)]
    [InlineData("image", 413, null, "<html><h1>413</h1>The size of the data 9 will exceed the limit. 4 bytes remaining.</html>")]
    [InlineData("image", 413, null,
        """{"message":"Denying attempt to upload image because it exceeds the quota","code":"413","title":"Too Large"}""")]
    [InlineData("network", 409, null, """{"NeutronError":{"type":"OverQuota","message":"No more IP addresses","detail":""}}""")]
    [InlineData("object-store", 413, null, "<html><h1>Request Entity Too Large</h1><p>Upload exceeds quota.</p></html>")]
    [InlineData("load-balancer", 403, null,
        """{"faultcode":"Client","faultstring":"Quota has been met for resources: pool","debuginfo":null}""")]
    public void Used_quota_is_recognized(string service, int status, string? retryAfter, string body) =>
        Assert.IsType<QuotaExceededException>(Parse(service, status, retryAfter, body));

    [Theory]
    [InlineData("compute", 413, "12",
        """{"overLimit":{"code":413,"message":"This request was rate-limited.","retryAfter":"12"}}""", "RateLimitedException")]
    [InlineData("object-store", 413, null, "<html><p>Your request is too large.</p></html>", "OpenStackApiException")]
    [InlineData("orchestration", 400, null,
        """{"error":{"type":"StackValidationFailed","message":"quota is no property"}}""", "OpenStackApiException")]
    [InlineData("compute", 403, null, """{"forbidden":{"code":403,"message":"Policy doesn't allow it"}}""", "OpenStackApiException")]
    public void Other_limit_is_no_quota(string service, int status, string? retryAfter, string body, string kind) =>
        Assert.Equal(kind, Parse(service, status, retryAfter, body).GetType().Name);

    [Fact]
    public async Task Quota_of_Cinder_is_reported_after_one_request()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/snapshots", Fault.Status(
            413, """{"overLimit":{"code":413,"message":"Maximum number of snapshots allowed (10) exceeded","retryAfter":"0"}}""", "0"));

        await Assert.ThrowsAsync<QuotaExceededException>(() => client.BlockStorage.CreateSnapshotAsync("v", "n", cancellationToken: Ct));

        Assert.Empty(cloud.Seen("POST", "/snapshots")); // The second request would reach the fake.
    }

    [Theory]
    [InlineData(503, "0"), InlineData(429, "0"), InlineData(429, "Tue, 01 Jan 2030 00:00:00 GMT")]
    public async Task Retry_after_zero_or_in_the_past_still_pauses(int status, string retryAfter)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small"}}""");
        await client.Compute.GetFlavorAsync("1", Ct);
        cloud.Time.Pauses.Clear();
        cloud.Inject("GET", "/flavors/1", Fault.Status(status, "", retryAfter), times: 3);

        await client.Compute.GetFlavorAsync("1", Ct);

        Assert.Equal(3, cloud.Time.Pauses.Count);
        Assert.All(cloud.Time.Pauses, pause => Assert.True(pause > TimeSpan.Zero, $"{pause}"));
    }

    [Theory]
    [InlineData(Proxy), InlineData(""), InlineData("404 page not found")]
    [InlineData("""{"message":"no Route matched with those values"}""")]
    [InlineData("""{"message":"The resource could not be found.<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}""")]
    [InlineData("""{"NeutronError":{"type":"HTTPNotFound","message":"The resource could not be found.","detail":""}}""")]
    public async Task Deletion_that_something_else_answers_with_404_fails(string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        foreach (var path in new[] { "/servers/x", "/volumes/x", "/floatingips/x", "/images/x", "/loadbalancers/x", "/stacks/x" })
        {
            cloud.Inject("DELETE", path, async (context, _) =>
            {
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync(body, Ct);
            });
        }
        Func<Task>[] deletions =
        [
            () => client.Compute.DeleteServerAsync("x", Ct),
            () => client.BlockStorage.DeleteVolumeAsync("x", Ct),
            () => client.Networking.DeleteFloatingIPAsync("x", Ct),
            () => client.Images.DeleteImageAsync("x", Ct),
            () => client.LoadBalancing.DeleteLoadBalancerAsync("x", Ct),
            () => client.Orchestration.DeleteStackAsync("x", Ct),
        ];
        foreach (var delete in deletions)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OpenStackApiException>(delete)).Status);
        }
    }

    [Theory]
    [InlineData("compute", """{"itemNotFound":{"code":404,"message":"Instance x could not be found."}}""", false)]
    [InlineData("network", """{"NeutronError":{"type":"NetworkNotFound","message":"Network x could not be found.","detail":""}}""", false)]
    [InlineData("load-balancer", """{"faultcode":"Client","faultstring":"Pool x not found.","debuginfo":null}""", false)]
    [InlineData("orchestration", """
        {"code":404,"title":"Not Found","explanation":"The resource could not be found.",
        "error":{"type":"EntityNotFound","traceback":null,"message":"The Stack (x) could not be found."}}
        """, false)]
    [InlineData("image",
        """{"message":"Failed to find image x to delete<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}""", true)]
    [InlineData("object-store", "<html><h1>Not Found</h1><p>The resource could not be found.</p></html>", true)]
    [InlineData("identity", """{"error":{"code":404,"message":"Could not find Application Credential: x.","title":"Not Found"}}""", false)]
    public void Missing_resource_is_recognized_in_the_words_of_each_service(string service, string body, bool hasId)
    {
        Assert.IsType<NotFoundException>(Parse(service, 404, null, body, hasId));
        Assert.IsType<OpenStackApiException>(Parse(service, 404, null, Proxy, false));
    }

    [Fact]
    public async Task Server_is_not_gone_because_a_proxy_answers_404()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var server = await client.Compute.CreateServerAsync(new("s", "i", "f"), Ct);
        cloud.Inject("GET", "/servers/" + server.Id, Fault.Status(404, Proxy));

        await Assert.ThrowsAsync<OpenStackApiException>(() => server.WaitUntilDeletedAsync(TimeSpan.FromMinutes(1), Ct));
    }

    [Fact]
    public async Task Server_in_reclaim_is_deleted()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Soft = """{"server":{"id":"x","name":"s","status":"SOFT_DELETED","OS-EXT-STS:task_state":null}}""";
        cloud.Answer("GET", "/compute/v2.1/servers/x", Soft);
        var server = await client.Compute.GetServerAsync("x", Ct);

        await server.WaitUntilDeletedAsync(TimeSpan.FromMinutes(1), Ct);

        var error = await Assert.ThrowsAsync<ResourceFailedException>(() => server.WaitUntilActiveAsync(TimeSpan.FromMinutes(1), Ct));
        Assert.Equal("SOFT_DELETED", error.Status);
    }

    private static OpenStackApiException Parse(string service, int status, string? retryAfter, string body, bool hasId = true)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = new(HttpMethod.Post, "http://x/y") };
        if (hasId)
        {
            response.Headers.TryAddWithoutValidation("X-Openstack-Request-Id", "req-1");
        }
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }
        var type = ServiceType.All.Single(one => one.Name == service);
        return ApiError.Parse(response, type, body, TimeProvider.System).ToException();
    }
}
