using System.Text.Json;
using Faafo.Fractals;
using Microsoft.AspNetCore.Http;

namespace Faafo.Tests.Cli;

/// <summary>APIs behind one address that die in the middle of their first downloads.</summary>
internal static class LeavingApi
{
    /// <summary>Starts them.</summary>
    /// <param name="fractal">The fractal that is asked for.</param>
    /// <param name="downloads">How many downloads break off.</param>
    public static Task<FaultyApi> StartAsync(Fractal fractal, int downloads)
    {
        var left = downloads;
        return FaultyApi.StartAsync(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(JsonSerializer.Serialize(fractal, FaafoJson.Default.Fractal), context.RequestAborted);
                return;
            }
            context.Response.ContentLength = TestPicture.Png.Length;
            var breaks = Interlocked.Decrement(ref left) >= 0;
            await context.Response.Body.WriteAsync(breaks ? TestPicture.Png.AsMemory(0, 6) : TestPicture.Png, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (breaks)
            {
                context.Abort();
            }
        });
    }
}
