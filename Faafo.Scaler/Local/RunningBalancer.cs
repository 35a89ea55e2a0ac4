namespace Faafo.Scaler.Local;

/// <summary>The HAProxy that runs.</summary>
internal sealed record RunningBalancer(string Name, int Process, DateTimeOffset CreatedAt, Uri Statistics, string ConfigFile);
