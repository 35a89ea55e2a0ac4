using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>What the worker was told at its start.</summary>
/// <param name="EndpointUrl">The API.</param>
/// <param name="TransportUrl">The task queue.</param>
/// <param name="QueueType">How RabbitMQ's queue is declared.</param>
/// <param name="ImageStoreUrl">The image store.</param>
/// <param name="NodeName">This worker's name among the nodes, and in the fractals that it drew.</param>
/// <param name="Slots">Tasks at a time.</param>
/// <param name="Heartbeat">Time between two heartbeats.</param>
/// <param name="DrainDeadline">How long what is held may take to be finished when the worker is to leave; then it goes back.</param>
internal sealed record WorkerOptions(Uri EndpointUrl, string TransportUrl, QueueType QueueType, string ImageStoreUrl, string NodeName,
    int Slots, TimeSpan Heartbeat, TimeSpan DrainDeadline);
