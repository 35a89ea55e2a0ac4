using Microsoft.AspNetCore.Http;
using Faafo.TestKit.OpenStack;

namespace Faafo.Tests.OpenStack.Ownership;

/// <summary>A fault of a fake cloud: the next requests with this end of the path fail in one way.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The end of the path.</param>
/// <param name="What">A status, or one of "html", "empty", "broken" and "lost".</param>
/// <param name="Times">How many requests fail. A client tries five times.</param>
public sealed record CloudFault(string Method, string Path, string What, int Times)
{
    private const string Page = "<html><head><title>Maintenance</title></head><body>Please try again later.</body></html>";

    /// <summary>The version documents.</summary>
    public static readonly string[] Negotiations = ["/compute/v2.1/", "/auth/tokens"];

    /// <summary>The lists.</summary>
    public static readonly string[] Lists =
    [
        "/servers/detail", "/os-keypairs", "/volumes/detail", "/snapshots/detail", "/floatingips", "/ports", "/routers", "/subnets",
        "/networks", "/security-groups", "/loadbalancers", "/application_credentials",
    ];

    /// <summary>What can happen. A proxy's 404 is only tried where it may mean "none": at version documents.</summary>
    public static readonly string[] Kinds = ["401", "403", "408", "429", "500", "503", "html", "empty", "broken", "lost"];

    /// <summary>Injects the fault.</summary>
    public void Into(FakeOpenStack cloud) => cloud.Inject(Method, Path, What switch
    {
        "html" => AnswerHtmlAsync,
        "empty" => Fault.Status(200, "{}"),
        "broken" => Fault.Broken,
        "lost" => Fault.LostReply,
        _ => Fault.Status(int.Parse(What, System.Globalization.CultureInfo.InvariantCulture), """{"error":{"message":"it fails"}}"""),
    }, Times);

    private static Task AnswerHtmlAsync(HttpContext context, Func<Task> next)
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(Page);
    }
}
