namespace Faafo.OpenStack;

/// <summary>What proves to Keystone who is asking. No credential shows its secret in <c>ToString</c>.</summary>
public abstract record Credential
{
    private protected Credential()
    {
    }

    /// <summary>The name of the method in clouds.yaml.</summary>
    public abstract string AuthType { get; }
}
