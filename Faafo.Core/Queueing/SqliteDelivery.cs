namespace Faafo.Queueing;

/// <summary>A task that a consumer of the SQLite queue holds by its lease.</summary>
internal sealed class SqliteDelivery(SqliteQueueFile file, SqliteConsumer consumer, LeasedTask task) : Delivery
{
    /// <summary>Id of the task.</summary>
    public long Id => task.Id;

    public override Task AcknowledgeAsync(CancellationToken cancellationToken) =>
        SettleAsync(() => file.AcknowledgeAsync(consumer.Owner, task, cancellationToken));

    public override Task ReturnAsync(CancellationToken cancellationToken) =>
        SettleAsync(() => file.ReturnAsync(consumer.Owner, task, cancellationToken));

    public override Task DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
        SettleAsync(() => file.DeadLetterAsync(consumer.Owner, task, reason, cancellationToken));

    private async Task SettleAsync(Func<Task> settle)
    {
        try
        {
            await settle();
        }
        finally
        {
            // If it failed, the lease is no longer renewed and the task is delivered again when it expires.
            consumer.Settled(task.Id);
        }
    }
}
