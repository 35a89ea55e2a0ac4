using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.Api;
using Faafo.Options;
using Faafo.Queueing;
using Xunit;

namespace Faafo.Tests.Api;

/// <summary>An API in this process, on a free port and with embedded stores in a temporary folder. One for each test class.</summary>
public sealed class TestApi : IAsyncLifetime
{
    static TestApi() => Environment.SetEnvironmentVariable("Logging__LogLevel__Default", "Error");

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-api-").FullName;
    private Microsoft.AspNetCore.Builder.WebApplication _app = null!;

    public HttpClient Http { get; private set; } = null!;

    public Uri Endpoint => Http.BaseAddress!;

    public IFaafoApi Client { get; private set; } = null!;

    public StateDirectory State => new(_folder);

    public async ValueTask InitializeAsync()
    {
        _app = ApiHost.Build(new ApiOptions(
            "http://127.0.0.1:0", State.TransportUrl, QueueType.Quorum, State.DatabaseUrl, State.ImageStoreUrl,
            ImageRedirect: false, "api-under-test", TimeSpan.FromSeconds(5)));
        await ApiHost.StartAsync(_app, TestContext.Current.CancellationToken);
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        Client = FaafoClient.Connect(Http.BaseAddress);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Builds a valid body of <c>POST /v1/fractal</c>, for tests to change in one place.</summary>
    public static JsonObject Request(Guid? uuid = null) => new()
    {
        ["uuid"] = (uuid ?? Guid.NewGuid()).ToString(),
        ["width"] = 300,
        ["height"] = 260,
        ["iterations"] = 200,
        ["xa"] = -1.5,
        ["xb"] = 2.25,
        ["ya"] = -1.25,
        ["yb"] = 1.1,
    };

    public Task<HttpResponseMessage> PostAsync(JsonNode body) => PostAsync(body.ToJsonString());

    public Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/json") =>
        Http.PostAsync("v1/fractal", new StringContent(body, Encoding.UTF8, contentType), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PutAsync(Guid uuid, JsonNode body) => Http.PutAsync($"v1/fractal/{uuid}",
        new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    /// <summary>Creates a fractal; returns its uuid.</summary>
    public async Task<Guid> CreateAsync()
    {
        var uuid = Guid.NewGuid();
        using var response = await PostAsync(Request(uuid));
        response.EnsureSuccessStatusCode();
        return uuid;
    }
}
