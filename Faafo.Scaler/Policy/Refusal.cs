using Faafo.OpenStack;

namespace Faafo.Scaler.Policy;

/// <summary>An instance whose deletion the provider has refused.</summary>
/// <param name="Name">The instance's name.</param>
/// <param name="Count">How often the deletion was refused in a row.</param>
/// <param name="At">When it was refused last.</param>
/// <param name="Reason">The provider's reason.</param>
internal sealed record Refusal(string Name, int Count, TimeSpan At, string Reason)
{
    /// <summary>After as many refusals an instance is left alone and reported; it is tried again after growing pauses.</summary>
    public const int Limit = 3;

    private static readonly Backoff Pauses = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));

    /// <summary>Whether the deletion was refused so often that the instance is left alone.</summary>
    public bool IsReported => Count >= Limit;

    /// <summary>When the deletion is tried again.</summary>
    public TimeSpan RetryAt => IsReported ? At + Pauses.After(Count - Limit + 1) : At;
}
