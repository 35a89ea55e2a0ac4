namespace Faafo.Queueing;

/// <summary>A task that a consumer has leased from the SQLite queue.</summary>
/// <param name="Id">Its id, which is also its position in the queue.</param>
/// <param name="Body">The message.</param>
/// <param name="Deliveries">Number of deliveries, including this one.</param>
internal sealed record LeasedTask(long Id, byte[] Body, int Deliveries);
