using System.Net;

namespace Faafo.Tests.OpenStack;

/// <summary>Answers a login and one further kind of request without a socket, and counts both.</summary>
internal sealed class StubTransport(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    private const string Token = """
        {"token":{"issued_at":"2030-01-02T03:04:05Z","expires_at":"2030-01-02T04:04:05Z","user":{"id":"u","name":"demo"},
        "catalog":[{"type":"compute","endpoints":[{"interface":"public","region":"One","region_id":"One","url":"http://nova/v2.1"}]},
        {"type":"shared-file-system","endpoints":[{"interface":"public","region":"One","region_id":"One","url":"http://manila/v2"}]}]}}
        """;

    public List<(string Method, Uri Address, string? UserAgent)> Seen { get; } = [];

    public int Logins { get; private set; }

    public bool IsDisposed { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/auth/tokens", StringComparison.Ordinal))
        {
            Logins++;
            var login = new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(Token), RequestMessage = request };
            login.Headers.Add("X-Subject-Token", "token");
            return Task.FromResult(login);
        }
        Seen.Add((request.Method.Method, request.RequestUri, request.Headers.UserAgent.ToString()));
        var response = answer(request);
        response.RequestMessage = request;
        return Task.FromResult(response);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
