using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Api.Gallery;
using Faafo.Api.Health;
using Faafo.Api.Http;
using Faafo.Api.Nodes;
using Faafo.Api.Queue;
using Faafo.Options;
using Microsoft.AspNetCore.Connections;

namespace Faafo.Api;

/// <summary>Builds and runs the API.</summary>
internal static partial class ApiHost
{
    /// <summary>Runs the API until <paramref name="cancellationToken"/> stops it.</summary>
    /// <exception cref="FailureException">It cannot start, or one of its background loops failed.</exception>
    public static async Task<int> RunAsync(ApiOptions options, CancellationToken cancellationToken)
    {
        await using var app = Build(options);
        try
        {
            await StartAsync(app, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new FailureException($"{options.Urls} is in use by another program: choose another address with --urls", e);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new FailureException($"cannot listen on {options.Urls} ({e.Message}): choose another address with --urls", e);
        }
        ThrowIfLoopFailed(app);
        return CommandLine.Done;
    }

    /// <summary>Upgrades the schema and starts to listen.</summary>
    /// <exception cref="FailureException">The database cannot be used.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var database = app.Services.GetRequiredService<FaafoDatabase>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        await DatabaseMigration.RunAsync(database, time, app.Logger, cancellationToken);
        await app.StartAsync(cancellationToken);
        foreach (var address in app.Urls.Where(Listening.IsBeyondLoopback))
        {
            OpenToOtherHosts(app.Logger, address);
        }
    }

    /// <summary>Builds the API, ready to start.</summary>
    /// <exception cref="UsageException">A URL is invalid.</exception>
    public static WebApplication Build(ApiOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "faafo-api" });
        builder.ListenOn(options.Urls);
        builder.Logging.AddConsoleLog();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWireFormat();
        builder.Services.AddApiDescription();
        builder.Services.AddBackends(options, TimeProvider.System);
        builder.Services.AddFeatures();

        var app = builder.Build();
        app.UseProblems();
        app.MapOpenApi();
        app.MapFractals();
        app.MapImages();
        app.MapQueue();
        app.MapNodes();
        app.MapGroups();
        app.MapBalancer();
        app.MapHealth();
        app.MapGallery();
        return app;
    }

    // The host stops when a loop fails, but as if it had been asked to.
    private static void ThrowIfLoopFailed(WebApplication app)
    {
        foreach (var loop in app.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (loop.ExecuteTask is { IsFaulted: true, Exception: var failure })
            {
                var name = loop.GetType().Name;
                LoopFailed(app.Logger, name, failure);
                throw new FailureException($"the API stopped because its {name} failed: {failure.GetBaseException().Message}", failure);
            }
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Critical, Message = "{Loop} failed")]
    private static partial void LoopFailed(ILogger log, string loop, Exception failure);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning,
        Message = "Listening on {Address} without authentication: anyone who reaches it can delete fractals and control the scaler")]
    private static partial void OpenToOtherHosts(ILogger log, string address);
}
