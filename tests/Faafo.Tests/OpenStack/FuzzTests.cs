using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Whatever a server answers, nothing but an <see cref="OpenStackException"/> leaves the library.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20260101;
    private const int Sample = 150;
    private static readonly int[] Statuses = [400, 403, 404, 409, 413];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Calls => [.. RecordedCall.All.Select(call => call.Name)];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Recorded_body_is_read(string name)
    {
        var call = RecordedCall.All.Single(one => one.Name == name);
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        Answer(cloud, call, call.Body);

        Assert.True(await Record.ExceptionAsync(() => call.Run(client, Ct)) is null or OpenStackApiException);
        Assert.NotEmpty(cloud.Requests);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Mutated_body_causes_no_other_exception(string name)
    {
        var call = RecordedCall.All.Single(one => one.Name == name);
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var thief = await FakeOpenStack.StartAsync();
        var client = cloud.Client();
        var failures = new List<string>();
        foreach (var mutated in MutatedBody.Of(call.Body, new Random(Seed), Sample))
        {
            var body = mutated.Replace(MutatedBody.OtherHost, new Uri(thief.Url).Authority, StringComparison.Ordinal);
            Answer(cloud, call, body);
            if (call.Name == "version document")
            {
                await client.DisposeAsync(); // A client keeps the microversion.
                client = cloud.Client();
            }
            await CheckAsync(() => call.Run(client, Ct), body, failures);
        }
        await client.DisposeAsync();
        Assert.Empty(failures);
        Assert.Empty(thief.Requests);
    }

    [Fact]
    public async Task Mutated_token_causes_no_other_exception()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        string? token = null;
        cloud.Inject("POST", "/auth/tokens", async (context, work) =>
        {
            var real = context.Response.Body;
            using var copy = new MemoryStream();
            context.Response.Body = copy;
            await work();
            context.Response.Body = real;
            token = System.Text.Encoding.UTF8.GetString(copy.ToArray());
            await real.WriteAsync(copy.ToArray(), Ct);
        });
        await using (var first = cloud.Client())
        {
            await first.Session.GetTokenAsync(Ct);
        }
        var failures = new List<string>();
        foreach (var body in MutatedBody.Of(token!, new Random(Seed), 4 * Sample))
        {
            cloud.Inject("POST", "/auth/tokens", (context, _) =>
            {
                context.Response.Headers["X-Subject-Token"] = "t";
                return Fault.Status(201, body)(context, () => Task.CompletedTask);
            });
            await using var client = cloud.Client();
            await CheckAsync(() => client.Session.GetTokenAsync(Ct), body, failures);
            await CheckAsync(() => client.Session.GetEndpointAsync(ServiceType.Network, Ct), body, failures);
            await CheckAsync(() => client.DiagnoseAsync(Ct), body, failures);
        }
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Mutated_error_causes_no_other_exception()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var failures = new List<string>();
        var sent = 0;
        string[] errors =
        [
            """{"itemNotFound":{"code":404,"message":"Gone."}}""",
            """{"NeutronError":{"type":"OverQuota","message":"Quota","detail":""}}""",
            """{"code":404,"error":{"message":"No.","traceback":null,"type":"EntityNotFound"},"explanation":"No.","title":"Not Found"}""",
            """{"faultcode":"Client","faultstring":"Load Balancer x is immutable","debuginfo":null}""",
            """{"errors":[{"status":400,"title":"Bad Request","detail":"Wrong."}]}""",
        ];
        foreach (var body in errors.SelectMany(error => MutatedBody.Of(error, new Random(Seed), Sample)))
        {
            var status = Statuses[sent++ % Statuses.Length];
            cloud.Inject("DELETE", "/volumes/v", async (context, _) =>
            {
                context.Response.Headers.RetryAfter = "soon";
                context.Response.Headers.Location = "http://[";
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/plain; charset=klingon";
                await context.Response.WriteAsync(body, Ct);
            });
            await CheckAsync(() => client.BlockStorage.DeleteVolumeAsync("v", Ct), body, failures);
        }
        Assert.Empty(failures);
    }

    [Theory]
    [InlineData("http://["), InlineData("//"), InlineData("mailto:x"), InlineData("http://evil:1/x"), InlineData("?")]
    [InlineData("\\\\evil\\x")]
    public async Task Redirect_to_no_address_causes_no_other_exception(string location)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", "/flavors/1", Fault.Redirect(302, location), times: 6);
        await Assert.ThrowsAnyAsync<OpenStackException>(() => client.Compute.GetFlavorAsync("1", Ct));
    }

    // Swift's fake has its own state: its answers are replaced one by one. A second page would be the same for ever.
    private static void Answer(FakeOpenStack cloud, RecordedCall call, string body)
    {
        if (call.Path.StartsWith("/swift", StringComparison.Ordinal))
        {
            cloud.Inject(call.Method, call.Path, Fault.Status(200, body));
        }
        else
        {
            cloud.Answer(call.Method, call.Path, body);
        }
    }

    private static async Task CheckAsync(Func<Task> act, string body, List<string> failures)
    {
        var e = await Record.ExceptionAsync(act);
        if (e is not (null or OpenStackException) && failures.Count < 5)
        {
            failures.Add($"{e}\nfrom {body}");
        }
    }
}
