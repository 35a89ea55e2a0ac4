using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>Faults for <see cref="FakeOpenStack.Inject"/>.</summary>
public static class Fault
{
    public static Func<HttpContext, Func<Task>, Task> Status(int status, string body = "", string? retryAfter = null) => (context, _) =>
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }
        return Reply.Json(context, status, body);
    };

    /// <summary>Handles the request, but breaks the connection before the response.</summary>
    public static async Task LostReply(HttpContext context, Func<Task> work)
    {
        var real = context.Response.Body;
        context.Response.Body = Stream.Null;
        await work();
        context.Response.Body = real;
        context.Abort();
    }

    /// <summary>Breaks the connection before the request is handled.</summary>
    public static Task Broken(HttpContext context, Func<Task> work)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Sends half of a body, and then nothing until the client cancels.</summary>
    public static async Task SlowBody(HttpContext context, Func<Task> work)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{\"servers\":[");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public static Func<HttpContext, Func<Task>, Task> Redirect(int status, string location) => (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };
}
