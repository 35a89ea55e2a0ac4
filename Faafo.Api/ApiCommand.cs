using System.CommandLine;
using Faafo.Nodes;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Api;

/// <summary>The command line of <c>faafo-api</c>.</summary>
internal sealed class ApiCommand
{
    private readonly Option<string> _stateDir = ProgramOption.Text(
        "--state-dir", "Folder of the embedded database, queue and images", () => StateDirectory.DefaultPath);
    private readonly Option<string> _urls = ProgramOption.Of(
        "--urls", "Addresses to listen on, separated by semicolons; h2c://HOST:PORT is HTTP/2 without TLS",
        ApiOptions.CheckUrls, () => FaafoClient.DefaultEndpoint);
    private readonly Option<string?> _advertiseUrl = ProgramOption.Of<string?>(
        "--advertise-url", "Address of this API for the list of nodes and for balancers; --urls if not given",
        ApiOptions.CheckAdvertiseUrl, () => null);
    private readonly Option<string?> _transportUrl = ProgramOption.OptionalText(
        "--transport-url", "Task queue: amqp://user:password@host:5672/ or sqlite:PATH");
    private readonly Option<QueueType> _queueType = ProgramOption.Choice(
        "--queue-type", "RabbitMQ queue: quorum, or classic as the original declares it", QueueType.Quorum);
    private readonly Option<string?> _databaseUrl = ProgramOption.OptionalText(
        "--database-url", "Database: postgresql://user:password@host/name or sqlite:PATH");
    private readonly Option<string?> _imageStoreUrl = ProgramOption.OptionalText(
        "--image-store-url", "Image store: file:PATH, swift:CONTAINER or swift:CLOUD/CONTAINER");
    private readonly Option<bool> _imageRedirect = ProgramOption.Switch(
        "--image-redirect", "Redirect requests for images to a temporary address in Swift");
    private readonly Option<string> _nodeName = ProgramOption.Text(
        "--node-name", "Name of this API among the nodes", () => $"api-{Environment.MachineName}", NodeReport.LongestName);
    private readonly Option<TimeSpan> _heartbeat = ProgramOption.Span(
        "--heartbeat", "Time between two heartbeats", NodeReport.LeastInterval, NodeReport.MostInterval, TimeSpan.FromSeconds(5));
    private readonly Option<int> _outboxLimit = ProgramOption.Number(
        "--outbox-limit", "Most accepted fractals that wait for the queue; more are rejected with 503",
        1, int.MaxValue, () => ApiOptions.DefaultOutboxLimit);

    /// <summary>Builds the command.</summary>
    public static RootCommand Build()
    {
        var command = new ApiCommand();
        var root = new RootCommand("The API of Faafo: accepts fractals and serves the pictures.")
        {
            command._stateDir, command._urls, command._advertiseUrl, command._transportUrl, command._queueType, command._databaseUrl,
            command._imageStoreUrl, command._imageRedirect, command._nodeName, command._heartbeat, command._outboxLimit,
        };
        root.SetAction((parsed, cancellationToken) => ApiHost.RunAsync(command.Read(parsed), cancellationToken));
        return root;
    }

    private ApiOptions Read(ParseResult parsed)
    {
        var state = new StateDirectory(parsed.GetValue(_stateDir)!);
        return new ApiOptions(
            parsed.GetValue(_urls)!,
            parsed.GetValue(_transportUrl) ?? state.TransportUrl,
            parsed.GetValue(_queueType),
            parsed.GetValue(_databaseUrl) ?? state.DatabaseUrl,
            parsed.GetValue(_imageStoreUrl) ?? state.ImageStoreUrl,
            parsed.GetValue(_imageRedirect),
            parsed.GetValue(_nodeName)!,
            parsed.GetValue(_heartbeat))
        {
            AdvertiseUrl = parsed.GetValue(_advertiseUrl),
            OutboxLimit = parsed.GetValue(_outboxLimit),
        };
    }
}
