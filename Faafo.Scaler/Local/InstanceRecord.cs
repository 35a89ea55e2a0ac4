namespace Faafo.Scaler.Local;

/// <summary>The record of a local instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="Endpoint">Where the flock is reached.</param>
/// <param name="Own">Where this instance itself is: an API, or HAProxy's statistics.</param>
/// <param name="Spec">What it is made of, as a short hash.</param>
internal sealed record InstanceRecord(string Id, string Name, string Group, DateTimeOffset CreatedAt, Uri? Endpoint, Uri? Own = null, string? Spec = null);
