using Faafo.Queueing;

namespace Faafo.Api;

/// <summary>What the API was told at its start.</summary>
/// <param name="Urls">Where to listen, separated by semicolons.</param>
/// <param name="TransportUrl">The task queue.</param>
/// <param name="QueueType">How RabbitMQ's queue is declared.</param>
/// <param name="DatabaseUrl">The database.</param>
/// <param name="ImageStoreUrl">The image store.</param>
/// <param name="ImageRedirect">Whether images are answered with an address in the image store, where it has one to give.</param>
/// <param name="NodeName">This API's name among the nodes.</param>
/// <param name="Heartbeat">Time between two of its own heartbeats.</param>
internal sealed record ApiOptions(
    string Urls, string TransportUrl, QueueType QueueType, string DatabaseUrl, string ImageStoreUrl, bool ImageRedirect,
    string NodeName, TimeSpan Heartbeat)
{
    /// <summary>Where others, a balancer for instance, reach this API; null for <see cref="Urls"/>, which says so where it names one address.</summary>
    public string? AdvertiseUrl { get; init; }
}
