using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Faafo.TestKit.OpenStack;

/// <summary>Carries requests to a <see cref="FakeOpenStack"/> without a socket, so that a test decides when they arrive.</summary>
public sealed class InProcessTransport(FakeOpenStack cloud) : HttpMessageHandler
{
    /// <summary>Around each request: calls its second argument to have the cloud handle it.</summary>
    public Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> Network { get; init; } =
        (_, handle, _) => handle();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        return await Network(request, () => HandleAsync(request, body), cancellationToken);
    }

    private async Task<HttpResponseMessage> HandleAsync(HttpRequestMessage request, byte[] body)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = request.RequestUri!.PathAndQuery;
        context.Request.Method = request.Method.Method;
        context.Request.Path = request.RequestUri.AbsolutePath;
        context.Request.QueryString = new QueryString(request.RequestUri.Query);
        context.Request.Body = new MemoryStream(body);
        foreach (var header in request.Content is { } content ? request.Headers.Concat(content.Headers) : request.Headers)
        {
            context.Request.Headers[header.Key] = header.Value.ToArray();
        }
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await cloud.HandleAsync(context);
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)context.Response.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(answer.ToArray()),
        };
        foreach (var header in context.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }
        return response;
    }
}
