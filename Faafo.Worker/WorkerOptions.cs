using Faafo.Queueing;

namespace Faafo.Worker;

/// <summary>The options of a worker.</summary>
/// <param name="EndpointUrl">Address of the API.</param>
/// <param name="TransportUrl">Address of the task queue.</param>
/// <param name="QueueType">The kind of RabbitMQ queue.</param>
/// <param name="ImageStoreUrl">Address of the image store.</param>
/// <param name="NodeName">Name of this worker among the nodes and in the fractals that it rendered.</param>
/// <param name="Slots">The most tasks at a time.</param>
/// <param name="Heartbeat">Time between two heartbeats.</param>
/// <param name="DrainDeadline">Time that tasks in flight have to finish during a drain; afterwards they are returned to the queue.</param>
internal sealed record WorkerOptions(Uri EndpointUrl, string TransportUrl, QueueType QueueType, string ImageStoreUrl, string NodeName,
    int Slots, TimeSpan Heartbeat, TimeSpan DrainDeadline);
