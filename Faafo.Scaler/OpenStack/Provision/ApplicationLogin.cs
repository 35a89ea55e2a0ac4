namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>An application credential as the programs use it.</summary>
internal sealed record ApplicationLogin(string Id, string Secret)
{
    // Its secret shall not be found in a log.
    public override string ToString() => $"application credential {Id}";
}
