namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>The secrets of a flock: the logins of its programs, and the key that signs the URL of their bundle.</summary>
internal sealed record FlockSecrets(string DatabasePassword, string QueuePassword, string TempUrlKey, ApplicationLogin Login)
{
    // Keeps the secrets out of logs.
    public override string ToString() => "***";
}
