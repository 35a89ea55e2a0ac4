namespace Faafo.OpenStack;

/// <summary>A login for Keystone. <c>ToString</c> never shows its secret.</summary>
public abstract record Credential
{
    private protected Credential()
    {
    }

    /// <summary>The name of the method in clouds.yaml, <c>auth_type</c>.</summary>
    public abstract string AuthType { get; }
}
