using System.CommandLine;
using Faafo;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;
using Faafo.Worker;

var stateDir = ProgramOption.Text("--state-dir", "Folder of the embedded queue and images", () => StateDirectory.DefaultPath);
var endpointUrl = ProgramOption.Url("--endpoint-url", "Address of the API", FaafoClient.DefaultEndpoint);
var transportUrl = ProgramOption.OptionalText("--transport-url", "Task queue: amqp://user:password@host:5672/ or sqlite:PATH");
var queueType = ProgramOption.Choice("--queue-type", "RabbitMQ queue: quorum, or classic as the original declares it", QueueType.Quorum);
var imageStoreUrl = ProgramOption.OptionalText("--image-store-url", "Image store: file:PATH, swift:CONTAINER or swift:CLOUD/CONTAINER");
var nodeName = ProgramOption.Text("--node-name", "Name of this worker among the nodes",
    () => $"worker-{Environment.MachineName}-{Environment.ProcessId}", NodeReport.LongestName);
var slots = ProgramOption.Number("--slots", "The most tasks at a time", 1, 1024, () => Environment.ProcessorCount);
var heartbeat = ProgramOption.Span("--heartbeat", "Time between two heartbeats",
    NodeReport.LeastInterval, NodeReport.MostInterval, TimeSpan.FromSeconds(5));
var drainDeadline = ProgramOption.Span("--drain-deadline", "Time for tasks in flight to finish during a drain, before they are returned",
    TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromSeconds(30));

var root = new RootCommand("Worker of Faafo: receives tasks, renders the fractals and stores their images.")
{
    stateDir, endpointUrl, transportUrl, queueType, imageStoreUrl, nodeName, slots, heartbeat, drainDeadline,
};
root.SetAction((parsed, cancellationToken) =>
{
    var state = new StateDirectory(parsed.GetValue(stateDir)!);
    return WorkerHost.RunAsync(new WorkerOptions(
        parsed.GetValue(endpointUrl)!,
        parsed.GetValue(transportUrl) ?? state.TransportUrl,
        parsed.GetValue(queueType),
        parsed.GetValue(imageStoreUrl) ?? state.ImageStoreUrl,
        parsed.GetValue(nodeName)!,
        parsed.GetValue(slots),
        parsed.GetValue(heartbeat),
        parsed.GetValue(drainDeadline)), cancellationToken);
});
return await CommandLine.RunAsync(root, args);
