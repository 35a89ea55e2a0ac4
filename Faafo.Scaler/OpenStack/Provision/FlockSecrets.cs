namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>What the flock's programs log in with, and what the addresses of their bundle are signed with.</summary>
internal sealed record FlockSecrets(string DatabasePassword, string QueuePassword, string TempUrlKey, ApplicationLogin Login)
{
    // Nobody shall find them in a log.
    public override string ToString() => "***";
}
