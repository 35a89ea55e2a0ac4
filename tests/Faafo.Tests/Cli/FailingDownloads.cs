using System.Text.Json;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http;

namespace Faafo.Tests.Cli;

/// <summary>APIs behind one address that abort their first downloads.</summary>
internal static class FailingDownloads
{
    /// <summary>Starts the server.</summary>
    /// <param name="fractal">The fractal of all requests.</param>
    /// <param name="downloads">The number of downloads that it aborts.</param>
    public static Task<FaultyApi> StartAsync(Fractal fractal, int downloads)
    {
        var remaining = downloads;
        return FaultyApi.StartAsync(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(JsonSerializer.Serialize(fractal, FaafoJson.Default.Fractal), context.RequestAborted);
                return;
            }
            context.Response.ContentLength = TestPicture.Png.Length;
            var aborts = Interlocked.Decrement(ref remaining) >= 0;
            await context.Response.Body.WriteAsync(aborts ? TestPicture.Png.AsMemory(0, 6) : TestPicture.Png, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (aborts)
            {
                context.Abort();
            }
        });
    }
}
