using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Faafo.OpenStack;

/// <summary>
/// Records one span and one measurement for each call, including its retries and logins, after the semantic conventions of OpenTelemetry
/// for HTTP clients (https://opentelemetry.io/docs/specs/semconv/http/http-spans/). Source and meter are called <c>Faafo.OpenStack</c>.
/// Neither has a header, and signatures in addresses are masked.
/// </summary>
internal sealed class TelemetryHandler(TimeProvider time, HttpMessageHandler next) : DelegatingHandler(next)
{
    private static readonly string? Version = typeof(TelemetryHandler).Assembly.GetName().Version?.ToString(3);
    private static readonly ActivitySource Source = new("Faafo.OpenStack", Version);
    private static readonly Meter Meter = new("Faafo.OpenStack", Version);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "openstack.client.request.duration", "s", "Duration of calls to OpenStack services, retries included.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = RequestContext.Of(request);
        var address = request.RequestUri!;
        var tags = new TagList
        {
            { "openstack.service", context.Service.Name },
            { "http.request.method", request.Method.Method },
            { "url.template", RouteTemplate.Of(context.Service, address) },
            { "server.address", address.Host },
            { "server.port", address.Port },
        };
        using var activity = Source.StartActivity($"{request.Method} {tags[2].Value}", ActivityKind.Client, default(ActivityContext), tags);
        activity?.SetTag("url.full", ApiError.Mask(address.AbsoluteUri));
        var started = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            tags.Add("http.response.status_code", status);
            activity?.SetTag("http.response.status_code", status);
            if (status >= 400 && response.StatusCode != context.AlsoExpected)
            {
                Fail(status.ToString(CultureInfo.InvariantCulture), null);
            }
            return response;
        }
        catch (Exception e)
        {
            // The message of an exception may contain an address with a signature.
            Fail(e.GetType().FullName!, ApiError.Mask(e.Message));
            throw;
        }
        finally
        {
            Duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }

        void Fail(string type, string? description)
        {
            tags.Add("error.type", type);
            activity?.SetTag("error.type", type);
            activity?.SetStatus(ActivityStatusCode.Error, description);
        }
    }
}
