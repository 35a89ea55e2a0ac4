using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo.Tests.Scaler;

/// <summary>The part of the API that a scaler uses, in memory.</summary>
internal sealed class StubApi : HttpMessageHandler
{
    public StubApi() => Client = FaafoClient.Connect(new Uri("http://api.test/"), this, FaafoClient.DefaultTimeout);

    public IFaafoApi Client { get; }

    public bool Down { get; set; }

    /// <summary>The exception that every request throws; null for none.</summary>
    public Exception? Fault { get; set; }

    public QueueReport Queue { get; set; } = new() { Ready = 0, InFlight = 0, Unpublished = 0 };

    public List<Node> Nodes { get; } = [];

    public List<GroupOverrides> Orders { get; } = [];

    /// <summary>Called before an override is stored: what another operator does at that moment.</summary>
    public Action? BeforeOverride { get; set; }

    /// <summary>The requests that change something: "POST v1/nodes/app-worker-1/drain".</summary>
    public List<string> Changes { get; } = [];

    /// <summary>The scaler's last heartbeat.</summary>
    public NodeReport? Scaler { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Down || Fault is not null)
        {
            throw Fault ?? new HttpRequestException("refused");
        }
        var path = request.RequestUri!.AbsolutePath.TrimStart('/');
        if (request.Method == HttpMethod.Get)
        {
            return path switch
            {
                "v1/queue" => Answer(JsonContent.Create(Queue, FaafoJson.Default.QueueReport)),
                "v1/nodes" => Answer(JsonContent.Create<IReadOnlyList<Node>>(Nodes, FaafoJson.Default.IReadOnlyListNode)),
                "v1/groups" => Answer(
                    JsonContent.Create<IReadOnlyList<GroupOverrides>>(Orders, FaafoJson.Default.IReadOnlyListGroupOverrides)),
                _ => new HttpResponseMessage(HttpStatusCode.NotFound),
            };
        }
        if (path == "v1/nodes/scaler")
        {
            Scaler = await request.Content!.ReadFromJsonAsync(FaafoJson.Default.NodeReport, cancellationToken);
            return Answer(JsonContent.Create(new HeartbeatResponse(false), FaafoJson.Default.HeartbeatResponse));
        }
        if (request.Method == HttpMethod.Delete)
        {
            Nodes.RemoveAll(node => path == $"v1/nodes/{node.Name}");
        }
        Changes.Add($"{request.Method} {path}");
        if (request.Method == HttpMethod.Put)
        {
            return Override((await request.Content!.ReadFromJsonAsync(FaafoJson.Default.GroupOverrides, cancellationToken))!);
        }
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    // As GroupRegistry: a version must be the current one, and every change raises it.
    private HttpResponseMessage Override(GroupOverrides wish)
    {
        BeforeOverride?.Invoke();
        var current = Orders.Find(one => one.Group == wish.Group);
        if (wish.Version is { } version && version != (current?.Version ?? 0))
        {
            var problem = new Problem("Conflict", 409, "changed") { Type = Problem.OverridesChanged, Resource = wish.Group };
            var content = JsonContent.Create(problem, FaafoJson.Default.Problem, new MediaTypeHeaderValue(Problem.MediaType));
            return new HttpResponseMessage(HttpStatusCode.Conflict) { Content = content };
        }
        var kept = wish with { Version = (current?.Version ?? 0) + 1 };
        Orders.RemoveAll(one => one.Group == wish.Group);
        Orders.Add(kept);
        return Answer(JsonContent.Create(kept, FaafoJson.Default.GroupOverrides));
    }

    private static HttpResponseMessage Answer(HttpContent content) => new(HttpStatusCode.OK) { Content = content };
}
