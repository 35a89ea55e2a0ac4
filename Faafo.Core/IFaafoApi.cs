using Faafo.Fractals;
using Faafo.Http;
using Faafo.Nodes;
using Faafo.Queueing;
using Refit;

namespace Faafo;

/// <summary>
/// The HTTP API of Faafo, one method for each call. <see cref="FaafoClient"/> connects to one; <see cref="FaafoApiExtensions"/> adds
/// paging, streaming and "none" instead of 404. Safe for concurrent use.
/// </summary>
/// <remarks>Every failure is a <see cref="FaafoApiException"/>, except for a cancellation by the caller.</remarks>
public interface IFaafoApi
{
    /// <summary>Accepts a fractal; once it returns, the fractal will be rendered.</summary>
    [Post("/v1/fractal")]
    Task<Fractal> PostFractalAsync([Body] NewFractal fractal, CancellationToken cancellationToken);

    /// <summary>Gets a fractal.</summary>
    [Get("/v1/fractal/{uuid}")]
    Task<Fractal> GetFractalAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Gets a page of fractals in the order of uuid; the <c>Link</c> header names the next one.</summary>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="resultsPerPage">Fractals on a page.</param>
    /// <param name="after">The last fractal of the page before; takes precedence over <paramref name="page"/>.</param>
    [Get("/v1/fractal")]
    Task<ApiResponse<FractalPage>> GetFractalsAsync(
        int page, [AliasAs("results_per_page")] int resultsPerPage, Guid? after, CancellationToken cancellationToken);

    /// <summary>Deletes a fractal and its picture.</summary>
    [Delete("/v1/fractal/{uuid}")]
    Task DeleteFractalAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Reports the result of a fractal.</summary>
    [Put("/v1/fractal/{uuid}")]
    Task<Fractal> PutFractalAsync(Guid uuid, [Body] FractalResult result, CancellationToken cancellationToken);

    /// <summary>Opens the picture of a fractal. A read that makes no progress times out.</summary>
    [Get("/fractal/{uuid}")]
    [Headers("Accept: " + ApiErrorHandler.ImageType)]
    Task<Stream> GetImageAsync(Guid uuid, CancellationToken cancellationToken);

    /// <summary>Gets the state of the task queue.</summary>
    [Get("/v1/queue")]
    Task<QueueReport> GetQueueAsync(CancellationToken cancellationToken);

    /// <summary>Lists the nodes of the flock.</summary>
    [Get("/v1/nodes")]
    Task<IReadOnlyList<Node>> GetNodesAsync(CancellationToken cancellationToken);

    /// <summary>Sends the heartbeat of a node.</summary>
    [Put("/v1/nodes/{name}")]
    Task<HeartbeatResponse> PutNodeAsync(string name, [Body] NodeReport report, CancellationToken cancellationToken);

    /// <summary>Forgets a node.</summary>
    [Delete("/v1/nodes/{name}")]
    Task DeleteNodeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Asks a node to drain.</summary>
    [Post("/v1/nodes/{name}/drain")]
    Task PostDrainAsync(string name, CancellationToken cancellationToken);

    /// <summary>Cancels the drain of a node.</summary>
    [Delete("/v1/nodes/{name}/drain")]
    Task DeleteDrainAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the overrides of all groups.</summary>
    [Get("/v1/groups")]
    Task<IReadOnlyList<GroupOverrides>> GetGroupsAsync(CancellationToken cancellationToken);

    /// <summary>Sets the overrides of a group.</summary>
    [Put("/v1/groups/{group}")]
    Task<GroupOverrides> PutGroupAsync(string group, [Body] GroupOverrides overrides, CancellationToken cancellationToken);

    /// <summary>Gets <c>ok</c> from an API that is ready.</summary>
    [Get("/readyz")]
    Task<string> GetReadyAsync(CancellationToken cancellationToken);
}
