using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Spans and measurements follow OpenTelemetry's semantic conventions for HTTP clients.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, ActivityStatusCode.Unset, null)]
    [InlineData(404, ActivityStatusCode.Error, "404")]
    [InlineData(500, ActivityStatusCode.Error, "500")]
    public async Task Span_and_measurement_have_route_status_and_error(int status, ActivityStatusCode expected, string? error)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client(options: new OpenStackClientOptions { MaxAttempts = 1 });
        await client.Session.GetTokenAsync(Ct);
        cloud.Inject("GET", "/images/0f3c", Fault.Status(status, """{"id":"0f3c","name":"a","status":"active"}"""));

        var (span, tags) = await RecordAsync(async () =>
        {
            var read = client.Images.GetImageAsync("0f3c", Ct);
            if (status != 200)
            {
                await Assert.ThrowsAnyAsync<OpenStackApiException>(() => read);
            }
            await read.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        });

        Assert.Equal(("GET /image/v2/images/{id}", ActivityKind.Client, expected), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(status, span.GetTagItem("http.response.status_code"));
        Assert.Equal(error, span.GetTagItem("error.type"));
        Assert.Equal("/image/v2/images/{id}", span.GetTagItem("url.template"));
        Assert.Equal(cloud.Url + "/image/v2/images/0f3c", span.GetTagItem("url.full"));
        Assert.Equal(new Uri(cloud.Url).Port, span.GetTagItem("server.port"));
        object?[] measured =
        [
            tags["http.response.status_code"], tags.GetValueOrDefault("error.type"), tags["http.request.method"], tags["openstack.service"],
        ];
        Assert.Equal([status, error, "GET", "image"], measured);
    }

    [Fact]
    public async Task Lost_connection_has_the_exception_as_its_error()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        using var client = cloud.Client(options: new OpenStackClientOptions { MaxAttempts = 1 });
        await client.Session.GetTokenAsync(Ct);
        cloud.Inject("GET", "/ports", Fault.Broken);

        var (span, tags) = await RecordAsync(() => Assert.ThrowsAsync<NoAnswerException>(
            () => client.Networking.ListPortsAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask()));

        Assert.Equal((ActivityStatusCode.Error, typeof(HttpRequestException).FullName), (span.Status, span.GetTagItem("error.type")));
        Assert.Equal(typeof(HttpRequestException).FullName, tags["error.type"]);
        Assert.DoesNotContain("http.response.status_code", tags.Keys);
    }

    [Theory]
    [InlineData("compute", "/compute/v2.1/servers/detail", "/compute/v2.1/servers/detail")]
    [InlineData("compute", "/v2.1/servers/8d0c/os-volume_attachments/77", "/v2.1/servers/{id}/os-volume_attachments/{id}")]
    [InlineData("compute", "/v2.1/os-keypairs/my%20key", "/v2.1/os-keypairs/{id}")]
    [InlineData("orchestration", "/heat-api/v1/0a1b/stacks/web/99/resources/group/signal",
        "/heat-api/v1/{id}/stacks/{id}/{id}/resources/{id}/signal")]
    [InlineData("object-store", "/swift/v1/AUTH_p1/servers/detail/a.png", "/v1/{account}/{container}/{object}")]
    [InlineData("object-store", "/v1/AUTH_p1/servers", "/v1/{account}/{container}")]
    public void Template_has_no_id_and_no_name(string service, string path, string expected) =>
        Assert.Equal(expected, RouteTemplate.Of(new ServiceType(service), new Uri("http://cloud" + path)));

    private static async Task<(Activity Span, Dictionary<string, object?> Tags)> RecordAsync(Func<Task> act)
    {
        using var root = new ActivitySource(nameof(TelemetryTests));
        var spans = new ConcurrentQueue<Activity>();
        var measured = new ConcurrentQueue<(ActivityTraceId? Trace, Dictionary<string, object?> Tags)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Faafo.OpenStack" or nameof(TelemetryTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "openstack.client.request.duration")
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>(
            (_, _, tags, _) => measured.Enqueue((Activity.Current?.TraceId, new(tags.ToArray()))));
        meters.Start();
        ActivityTraceId trace;
        using (var own = root.StartActivity("test"))
        {
            trace = own!.TraceId;
            await act();
        }
        return (
            spans.Single(span => span.TraceId == trace && span.Source.Name == "Faafo.OpenStack"),
            measured.Single(one => one.Trace == trace).Tags);
    }
}
