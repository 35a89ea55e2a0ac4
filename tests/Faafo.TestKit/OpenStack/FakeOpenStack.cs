using System.Text.Json.Nodes;
using Faafo.OpenStack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// An OpenStack in this process, on a loopback socket: Keystone, Nova, Neutron, Swift and Octavia with state, canned responses for the
/// rest, and faults on demand that a real cloud cannot be made to show.
/// </summary>
public sealed class FakeOpenStack : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Method, string Path, Func<HttpContext, Func<Task>, Task> Act)> _faults = [];
    private readonly Dictionary<(string Method, string Path), (int Status, string Body)> _canned = [];
    private readonly Dictionary<string, (string User, string Project)> _tokens = [];

    private FakeOpenStack(WebApplication app) => _app = app;

    public const string Password = "s3cret-of-demo";

    public Lock State { get; } = new();

    public List<SeenRequest> Requests { get; } = [];

    public string Url { get; private set; } = "";

    public int Logins { get; private set; }

    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    public SkippingTime Time { get; } = new();

    /// <summary>The user of the password.</summary>
    public string User { get; set; } = "u1";

    public string Project { get; init; } = "p1";

    public string Region { get; init; } = "One";

    /// <summary>The application credentials; several clouds may share them, as regions do.</summary>
    public FakeIdentity Identity { get; init; } = new();

    public FakeCompute Compute { get; } = new();

    public FakeNetwork Network { get; } = new();

    public FakeSwift Swift { get; } = new();

    public FakeBalancers Balancers { get; } = new();

    public FakeVolumes Volumes { get; } = new();

    /// <summary>Whether the login is an administrator's, whose lists show all projects.</summary>
    public bool IsAdmin { get; set; }

    /// <summary>Whether Nova's version document needs a token.</summary>
    public bool HidesVersionsFromStrangers { get; set; }

    /// <summary>Types of services that the catalog does not list.</summary>
    public HashSet<string> Without { get; } = [];

    public static async Task<FakeOpenStack> StartAsync(FakeIdentity? identity = null, string project = "p1", string region = "One")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrelLoopback();
        var cloud = new FakeOpenStack(builder.Build()) { Identity = identity ?? new(), Project = project, Region = region };
        cloud.Compute.HasPort = id => cloud.Network.Ports.Exists(port => (string?)port["id"] == id);
        cloud._app.Run(cloud.HandleAsync);
        await cloud._app.StartAsync();
        cloud.Url = cloud._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return cloud;
    }

    public CloudConfig Config => new()
    {
        Name = "fake",
        AuthUrl = new Uri(Url + "/identity/v3"),
        Credential = new PasswordCredential { UserName = "demo", UserDomain = new(Id: "default"), Password = Password },
        Scope = AuthScope.Project("demo", new(Id: "default")),
        RegionName = Region,
    };

    public OpenStackClient Client(CloudConfig? config = null, OpenStackClientOptions? options = null) =>
        new(config ?? Config, (options ?? new OpenStackClientOptions { AttemptTimeout = TimeSpan.FromMinutes(2) }) with
        {
            TimeProvider = Time,
            Random = new Random(1),
        });

    /// <summary>Replaces or wraps the handling of the next matching requests.</summary>
    public void Inject(string method, string path, Func<HttpContext, Func<Task>, Task> act, int times = 1)
    {
        lock (State)
        {
            _faults.AddRange(Enumerable.Repeat((method, path, act), times));
        }
    }

    public void Answer(string method, string path, string body, int status = 200) => _canned[(method, path)] = (status, body);

    public void RevokeTokens()
    {
        lock (State)
        {
            _tokens.Clear();
        }
    }

    public IReadOnlyList<SeenRequest> Seen(string method, string path)
    {
        lock (State)
        {
            return [.. Requests.Where(request => request.Method == method && request.Path.EndsWith(path, StringComparison.Ordinal))];
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Handles a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var path = raw.Split('?')[0];
        Func<HttpContext, Func<Task>, Task>? fault = null;
        lock (State)
        {
            var index = _faults.FindIndex(one => one.Method == request.Method && path.EndsWith(one.Path, StringComparison.Ordinal));
            if (index >= 0)
            {
                fault = _faults[index].Act;
                _faults.RemoveAt(index);
            }
        }
        await (fault is null ? ServeAsync(context, path) : fault(context, () => ServeAsync(context, path)));
    }

    private async Task ServeAsync(HttpContext context, string path)
    {
        var request = context.Request;
        var token = request.Headers["X-Auth-Token"].FirstOrDefault();
        var open = path.StartsWith("/identity", StringComparison.Ordinal) || path.StartsWith("/open", StringComparison.Ordinal)
            || (path.EndsWith("/v2.1/", StringComparison.Ordinal) && !HidesVersionsFromStrangers);
        bool known;
        (string User, string Project) caller = (User, Project);
        lock (State)
        {
            known = token is not null && _tokens.TryGetValue(token, out caller);
        }
        if (!open && !known)
        {
            lock (State)
            {
                Requests.Add(new(request.Method, path, request.QueryString.Value!, token, null,
                    new HeaderDictionary(request.Headers.ToDictionary())));
            }
            await Reply.Json(context, 401,
                """{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}""");
            return;
        }
        if (path.StartsWith("/swift", StringComparison.Ordinal))
        {
            lock (State)
            {
                Requests.Add(new(request.Method, path, request.QueryString.Value!, token, null,
                    new HeaderDictionary(request.Headers.ToDictionary())));
            }
            await Swift.HandleAsync(context, path, this);
            return;
        }
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        (int Status, string Body) answer;
        lock (State)
        {
            Requests.Add(new(request.Method, path, request.QueryString.Value!, token, body,
                new HeaderDictionary(request.Headers.ToDictionary())));
            if (request.Method == "DELETE" && path.Split('/') is ["", "compute", "v2.1", "servers", var deleted])
            {
                Volumes.Detach(deleted);
            }
            answer = Route(context, path, body, caller.User, caller.Project);
        }
        await Reply.Json(context, answer.Status, answer.Body);
    }

    private (int Status, string Body) Route(HttpContext context, string path, string body, string caller, string project)
    {
        var request = context.Request;
        if (_canned.TryGetValue((request.Method, path), out var canned))
        {
            return canned;
        }
        if (path.EndsWith("/auth/tokens", StringComparison.Ordinal))
        {
            return Login(context, body);
        }
        if (Below("/identity/v3/users/") is { } user)
        {
            return Identity.Handle(request.Method, user, request.Query["name"].FirstOrDefault(), body, project, caller);
        }
        if (path.Split('/') is ["", "compute", "v2.1", "servers", var server, "os-volume_attachments", .. var volume])
        {
            return Volumes.HandleAttachment(request.Method, server, volume.FirstOrDefault(), body);
        }
        if (Below("/volume/v3/p1") is { Length: > 1 } volumes)
        {
            return Volumes.Handle(request, volumes, body);
        }
        if (Below("/compute/v2.1") is { } compute)
        {
            return Compute.Handle(request, compute, body, Time, IsAdmin, project);
        }
        if (Below("/network/v2.0") is { } network)
        {
            return Network.Handle(request, network, body, IsAdmin, project);
        }
        if (Below("/lb/v2/lbaas") is { } balancers)
        {
            return Balancers.Handle(request, balancers, body, IsAdmin, project);
        }
        return (404, """{"error":{"code":404,"message":"nothing here"}}""");

        string? Below(string prefix) => path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : null;
    }

    private (int, string) Login(HttpContext context, string body)
    {
        Logins++;
        var auth = JsonNode.Parse(body)!["auth"]!;
        if (auth["identity"]!["password"] is { } password && (string?)password["user"]!["password"] != Password)
        {
            return (401,
                """{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}""");
        }
        var (user, project) = (User, Project);
        if (auth["identity"]!["application_credential"] is { } login)
        {
            var (found, status, error) = Identity.Login(login);
            if (found is null)
            {
                return (status, error);
            }
            (user, project) = (found.User, found.Project);
        }
        var token = $"token-{Logins}-{Guid.NewGuid():N}";
        _tokens.Add(token, (user, project));
        context.Response.Headers["X-Subject-Token"] = token;
        var now = Time.GetUtcNow();
        return (201, new JsonObject
        {
            ["token"] = new JsonObject
            {
                ["issued_at"] = now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
                ["expires_at"] = (now + TokenLife).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
                ["user"] = new JsonObject { ["id"] = user, ["name"] = "demo" },
                ["project"] = new JsonObject { ["id"] = project, ["name"] = "demo" },
                ["roles"] = new JsonArray(new JsonObject { ["id"] = "r1", ["name"] = "member" }),
                ["catalog"] = new JsonArray([.. new[]
                {
                    Service("compute", "/compute/v2.1"), Service("network", "/network"), Service("image", "/image"),
                    Service("object-store", "/swift/v1/AUTH_p1"),
                    Service("volumev3", "/volume/v3/p1"), Service("orchestration", "/heat/v1/p1"), Service("load-balancer", "/lb"),
                }.Where(service => !Without.Contains((string)service["type"]!))]),
            },
        }.ToJsonString());
    }

    private JsonObject Service(string type, string path) => new()
    {
        ["type"] = type,
        ["name"] = type,
        ["endpoints"] = new JsonArray(
            new JsonObject { ["interface"] = "public", ["region"] = Region, ["region_id"] = Region, ["url"] = Url + path }),
    };
}
