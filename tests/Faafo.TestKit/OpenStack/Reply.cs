using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

internal static class Reply
{
    public static Task Json(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (status is 204 or 304 || body.Length == 0)
        {
            return Task.CompletedTask;
        }
        context.Response.ContentType = "application/json";
        context.Response.Headers["X-Openstack-Request-Id"] = "req-fake";
        return context.Response.WriteAsync(body);
    }

    public static void ConfigureKestrelLoopback(this ConfigureWebHostBuilder host) =>
        host.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
}
