using System.CommandLine;
using Faafo;
using Faafo.Api;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

var stateDir = ProgramOption.Text("--state-dir", "Folder of the embedded database, queue and images", () => StateDirectory.DefaultPath);
var advertiseUrl = ProgramOption.Of<string?>("--advertise-url", "Where others reach this API, for the list of nodes and for balancers; without it, --urls", text =>
    Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", PathAndQuery: "/" } ? url.GetLeftPart(UriPartial.Authority)
        : throw new FormatException($"--advertise-url must be an address such as http://10.0.0.5:80, not '{text}'"), () => null);
var urls = ProgramOption.Of("--urls", "Where to listen: one address or several, with semicolons between; h2c://HOST:PORT is HTTP/2 without TLS", ApiOptions.CheckUrls, () => FaafoClient.DefaultEndpoint);
var transportUrl = ProgramOption.OptionalText("--transport-url", "Task queue: amqp://user:password@host:5672/ or sqlite:PATH");
var queueType = ProgramOption.Choice("--queue-type", "RabbitMQ queue: quorum, or classic as the original declares it", QueueType.Quorum);
var databaseUrl = ProgramOption.OptionalText("--database-url", "Database: postgresql://user:password@host/name or sqlite:PATH");
var imageStoreUrl = ProgramOption.OptionalText("--image-store-url", "Image store: file:PATH, swift:CONTAINER or swift:CLOUD/CONTAINER");
var imageRedirect = ProgramOption.Switch("--image-redirect", "Answer images with a temporary address in Swift instead of passing them on");
var nodeName = ProgramOption.Text("--node-name", "Name of this API among the nodes", () => $"api-{Environment.MachineName}", NodeReport.LongestName);
var heartbeat = ProgramOption.Span("--heartbeat", "Time between two heartbeats", NodeReport.LeastInterval, NodeReport.MostInterval, TimeSpan.FromSeconds(5));
var outboxLimit = ProgramOption.Number("--outbox-limit", "Accepted fractals that may wait for the queue before more are answered with 503",
    1, int.MaxValue, () => ApiOptions.DefaultOutboxLimit);

var root = new RootCommand("The API of Faafo: takes orders for fractals and serves the pictures.")
{
    stateDir, urls, advertiseUrl, transportUrl, queueType, databaseUrl, imageStoreUrl, imageRedirect, nodeName, heartbeat,
    outboxLimit,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    var state = new StateDirectory(parsed.GetValue(stateDir)!);
    return await ApiHost.RunAsync(new ApiOptions(
        parsed.GetValue(urls)!,
        parsed.GetValue(transportUrl) ?? state.TransportUrl,
        parsed.GetValue(queueType),
        parsed.GetValue(databaseUrl) ?? state.DatabaseUrl,
        parsed.GetValue(imageStoreUrl) ?? state.ImageStoreUrl,
        parsed.GetValue(imageRedirect),
        parsed.GetValue(nodeName)!,
        parsed.GetValue(heartbeat))
    {
        AdvertiseUrl = parsed.GetValue(advertiseUrl),
        OutboxLimit = parsed.GetValue(outboxLimit),
    }, cancellationToken);
});
return await CommandLine.RunAsync(root, args);
