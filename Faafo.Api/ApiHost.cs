using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Api.Gallery;
using Faafo.Api.Health;
using Faafo.Api.Http;
using Faafo.Api.Nodes;
using Faafo.Api.Outbox;
using Faafo.Api.Queue;
using Faafo.Images;
using Faafo.Options;
using Faafo.Queueing;
using Microsoft.AspNetCore.Diagnostics;
using HttpProtocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols;

namespace Faafo.Api;

/// <summary>Puts the API together: services, background loops, routes, errors.</summary>
internal static partial class ApiHost
{
    /// <summary>Builds the API and runs it until it is told to stop.</summary>
    public static async Task<int> RunAsync(ApiOptions options, CancellationToken cancellationToken)
    {
        await using var app = Build(options);
        try
        {
            await StartAsync(app, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new FailureException($"{options.Urls} is in use by another program: choose another address with --urls", e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new FailureException($"cannot listen on {options.Urls} ({e.Message}): choose another address with --urls", e);
        }
        // The host stops when a loop fails, but as if it had been asked to.
        foreach (var loop in app.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (loop.ExecuteTask is { IsFaulted: true, Exception: var failure })
            {
                LoopFailed(app.Logger, loop.GetType().Name, failure);
                throw new FailureException($"the API has ended because its {loop.GetType().Name} failed: {failure.GetBaseException().Message}", failure);
            }
        }
        return CommandLine.Done;
    }

    /// <summary>Brings the schema up to date and starts to listen.</summary>
    /// <exception cref="FailureException">The database cannot be used.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await MigrateAsync(app.Services.GetRequiredService<FractalDatabase>(), app.Logger, cancellationToken);
        await app.StartAsync(cancellationToken);
        foreach (var address in app.Urls.Where(IsBeyondLoopback))
        {
            OpenToAll(app.Logger, address);
        }
    }

    /// <summary>Whether other hosts can reach an address that the API listens on.</summary>
    public static bool IsBeyondLoopback(string address) => !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback);

    /// <summary>The API, ready to start.</summary>
    /// <exception cref="UsageException">A URL makes no sense.</exception>
    public static WebApplication Build(ApiOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "faafo-api" });
        builder.WebHost.UseUrls(options.Urls.Replace(ApiOptions.Http2Scheme, "http://", StringComparison.Ordinal)).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(listen =>
            {
                if (options.Urls.Split(';').Where(url => url.StartsWith(ApiOptions.Http2Scheme, StringComparison.Ordinal))
                    .Any(url => BindingAddress.Parse(url).Port == listen.IPEndPoint?.Port))
                {
                    listen.Protocols = HttpProtocols.Http2;
                }
            });
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);     // RunAsync says what ended it, in a sentence
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;      // "300" is text
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;       // it is JSON, never part of a page
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, FaafoJson.Default);
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Faafo";
            document.Info.Description = "Orders fractals and looks at what became of them, at the queue and at the nodes. Errors are problem details (RFC 9457).";
            return Task.CompletedTask;
        }));

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        try
        {
            var database = FractalDatabase.Open(options.DatabaseUrl, TimeProvider.System);
            var queue = TaskQueue.Open(options.TransportUrl, options.QueueType, options.NodeName, TimeProvider.System);
            var images = ImageStore.Open(options.ImageStoreUrl);
            builder.Services.AddSingleton(_ => database).AddSingleton(_ => queue).AddSingleton(_ => images);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
        builder.Services.AddSingleton<NodeRegistry>();
        builder.Services.AddSingleton<FractalLookupCoalescer>();
        AddLoop<OutboxPublisher>(builder.Services);
        AddLoop<GroupCommitWriter>(builder.Services);
        AddLoop<QueueMetrics>(builder.Services);
        AddLoop<OwnHeartbeat>(builder.Services);

        var app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerErrorAsync,
            SuppressDiagnosticsCallback = failed => IsExpected(failed.Exception),
        });
        app.UseStatusCodePages(status => Problems.WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode,
            status.HttpContext.Response.StatusCode == StatusCodes.Status415UnsupportedMediaType
                ? "the body must be application/json"
                : $"{status.HttpContext.Request.Method} {status.HttpContext.Request.Path} is no call of this API"));
        app.Use((context, next) => JsonBody.OtherCharset(context) is { } charset
            ? Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, $"the body must be in UTF-8, not charset={charset}")
            : next(context));
        app.MapOpenApi();
        app.MapFractals();
        app.MapImages();
        app.MapNodes();
        app.MapHealth();
        app.MapGallery();
        return app;
    }

    private static void AddLoop<T>(IServiceCollection services) where T : BackgroundService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }

    // A database that is not up yet is waited for; one that refuses us is an error that waiting does not mend.
    private static async Task MigrateAsync(FractalDatabase database, ILogger log, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await database.MigrateAsync(cancellationToken);
                return;
            }
            catch (DbException e) when (e.IsTransient)
            {
                if (tries == 0)
                {
                    WaitingForDatabase(log, e.Message);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(tries, 5))), TimeProvider.System, cancellationToken);
            }
            catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                throw new FailureException($"cannot use the database: {e.Message}", e);
            }
        }
    }

    // What AnswerErrorAsync has a sentence for needs no stack trace in the log.
    private static bool IsExpected(Exception e) =>
        e is BadHttpRequestException or ServiceUnavailableException or DbException or ImageStoreException or OperationCanceledException;

    private static Task AnswerErrorAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException { StatusCode: 413 } => Problems.WriteAsync(context, 413, "the body is too large: 64 KiB, or 64 MiB for a result"),
        BadHttpRequestException e => Problems.WriteAsync(context, e.StatusCode, e.InnerException?.Message ?? e.Message),
        ServiceUnavailableException e => Problems.WriteAsync(context, 503, e.Message),
        DbException => Problems.WriteAsync(context, 503, ServiceUnavailableException.NoAnswer),
        ImageStoreException => Problems.WriteAsync(context, 503, "the image store does not answer: come again"),
        _ => Problems.WriteAsync(context, 500, "something went wrong here that should not; the API's log has the details"),
    };

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Loop} failed")]
    private static partial void LoopFailed(ILogger log, string loop, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening on {Address} without a login: whoever reaches it can delete fractals and command the scaler")]
    private static partial void OpenToAll(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the database: {Reason}")]
    private static partial void WaitingForDatabase(ILogger log, string reason);
}
