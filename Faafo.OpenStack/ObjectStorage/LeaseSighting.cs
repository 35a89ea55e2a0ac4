namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The object of a lease as it was read; it differs after each renewal.</summary>
/// <param name="Holder">The holder.</param>
/// <param name="Renewals">How often it was renewed; null in objects of version 0.1.</param>
/// <param name="LastModified">The time by Swift's clock, which is only compared for equality.</param>
internal sealed record LeaseSighting<THolder>(THolder Holder, long? Renewals, DateTimeOffset? LastModified)
    where THolder : class;
