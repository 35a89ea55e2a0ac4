using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Api.Nodes;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Images;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Api;

/// <summary>Registers the services of the API, by subject.</summary>
internal static class ApiServices
{
    /// <summary>Logs one line for each event, in UTC.</summary>
    public static void AddConsoleLog(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);     // ApiHost.RunAsync reports why it ended
    }

    /// <summary>Configures the JSON of requests and responses.</summary>
    public static void AddWireFormat(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;      // "300" is text
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;       // never embedded in HTML
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, FaafoJson.Default);
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>Describes the API at /openapi/v1.json.</summary>
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Faafo";
            document.Info.Description = "Accepts fractals, and reports on them, on the queue and on the nodes. "
                + "Errors are problem details (RFC 9457).";
            return Task.CompletedTask;
        }));

    /// <summary>Registers database, task queue and image store; nothing is connected yet.</summary>
    /// <exception cref="UsageException">A URL is invalid.</exception>
    public static void AddBackends(this IServiceCollection services, ApiOptions options, TimeProvider time)
    {
        try
        {
            var database = FaafoDatabase.Open(options.DatabaseUrl);
            var queue = TaskQueue.Open(options.TransportUrl, options.QueueType, options.NodeName, time);
            var images = ImageStore.Open(options.ImageStoreUrl);
            // Factories, so that the container disposes what it hands out.
            services.AddSingleton(_ => database).AddSingleton(_ => queue).AddSingleton(_ => images);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Registers the services of fractals, outbox, queue and nodes, and their background loops.</summary>
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddSingleton(provider => FractalStore.Of(provider.GetRequiredService<FaafoDatabase>()));
        services.AddSingleton(provider =>
            OutboxStore.Of(provider.GetRequiredService<FaafoDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FractalLookupCoalescer>();
        services.AddSingleton<QueueStatistics>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<GroupRegistry>();
        services.AddLoop<OutboxPublisher>();
        services.AddLoop<GroupCommitWriter>();
        services.AddLoop<QueueMetrics>();
        services.AddLoop<OwnHeartbeat>();
    }

    private static void AddLoop<T>(this IServiceCollection services) where T : BackgroundService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
