using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Faafo.OpenStack;

/// <summary>
/// Records one span and one measurement for each call, including its retries and logins. Source and meter are called
/// <c>Faafo.OpenStack</c>. Neither has the address, which may contain a signature, nor any header.
/// </summary>
internal sealed class TelemetryHandler(TimeProvider time, HttpMessageHandler next) : DelegatingHandler(next)
{
    private static readonly ActivitySource Source = new("Faafo.OpenStack");
    private static readonly Meter Meter = new("Faafo.OpenStack");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "openstack.client.request.duration", "s", "Duration of calls to OpenStack services, retries included.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var service = RequestContext.Of(request).Service.Name;
        using var activity = Source.StartActivity($"{request.Method} {service}", ActivityKind.Client);
        activity?.SetTag("openstack.service", service);
        activity?.SetTag("http.request.method", request.Method.Method);
        activity?.SetTag("server.address", request.RequestUri?.Host);
        var started = time.GetTimestamp();
        var outcome = "no answer";
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            outcome = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            activity?.SetTag("http.response.status_code", (int)response.StatusCode);
            return response;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
        finally
        {
            Duration.Record(
                time.GetElapsedTime(started).TotalSeconds,
                new("openstack.service", service),
                new("http.request.method", request.Method.Method),
                new("outcome", outcome));
        }
    }
}
