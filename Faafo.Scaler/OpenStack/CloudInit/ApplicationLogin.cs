namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>An application credential of Keystone, as programs log in with it.</summary>
internal sealed record ApplicationLogin(string Id, string Secret)
{
    // Keeps the secret out of logs.
    public override string ToString() => $"application credential {Id}";
}
