using System.Diagnostics.CodeAnalysis;
using Faafo.OpenStack;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an <see cref="OpenStackClient"/> to a container.</summary>
public static class OpenStackServiceCollectionExtensions
{
    /// <summary>The name of the client at <see cref="IHttpClientFactory"/>, whose primary handler opens the connections.</summary>
    public const string HttpClientName = "Faafo.OpenStack";

    private static readonly string[] SecretHeaders =
    [
        "X-Auth-Token", "X-Subject-Token", "X-Account-Meta-Temp-URL-Key", "X-Account-Meta-Temp-URL-Key-2", "X-Container-Meta-Temp-URL-Key",
        "X-Container-Meta-Temp-URL-Key-2",
    ];

    /// <summary>
    /// Adds a client for a cloud from clouds.yaml, which is read when the client is resolved; see <see cref="CloudConfig.Load"/>.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="cloud">The name; <c>null</c> takes <c>OS_CLOUD</c>, the <c>OS_*</c> variables, or the only cloud of the file.</param>
    /// <param name="configure">Changes the options; <c>services.Configure&lt;OpenStackClientOptions&gt;</c> does so too.</param>
    /// <returns>A builder for handlers of its requests, below authentication and retries.</returns>
    public static IHttpClientBuilder AddOpenStack(
        this IServiceCollection services, string? cloud = null, Action<OpenStackClientOptions>? configure = null) =>
        services.AddOpenStack(_ => CloudConfig.Load(cloud), configure);

    /// <summary>Adds a client for a cloud that is configured in code.</summary>
    /// <param name="services">The container.</param>
    /// <param name="config">Creates the configuration of the cloud, once.</param>
    /// <param name="configure">Changes the options; <c>services.Configure&lt;OpenStackClientOptions&gt;</c> does so too.</param>
    /// <returns>A builder for handlers of its requests, below authentication and retries.</returns>
    public static IHttpClientBuilder AddOpenStack(
        this IServiceCollection services, Func<IServiceProvider, CloudConfig> config, Action<OpenStackClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(config);
        var options = services.AddOptions<OpenStackClientOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }
        services.TryAddSingleton(config);
        services.TryAddSingleton(Create);

        // The connections follow changes of names by themselves (PooledConnectionLifetime), so that the handler need not be replaced under
        // the client, which lives as long as the program.
        return services.AddHttpClient(HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(provider => HttpPipeline.OpenConnections(
                provider.GetRequiredService<CloudConfig>().Tls, provider.GetRequiredService<IOptions<OpenStackClientOptions>>().Value))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders(SecretHeaders);
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The container disposes the client.")]
    private static OpenStackClient Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<OpenStackClientOptions>>().Value;
        return new OpenStackClient(provider.GetRequiredService<CloudConfig>(), options with
        {
            LoggerFactory = options.LoggerFactory ?? provider.GetService<ILoggerFactory>(),
            Transport = options.Transport
                ?? provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(HttpClientName),
        });
    }
}
