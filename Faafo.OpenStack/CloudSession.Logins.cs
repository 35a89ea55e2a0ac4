namespace Faafo.OpenStack;

public partial class CloudSession
{
    /// <summary>
    /// Creates a session of another login to the same cloud, with the options of this one; nothing is sent before the first request.
    /// </summary>
    /// <param name="credential">The credential of the other login.</param>
    /// <param name="scope">Its scope.</param>
    public virtual CloudSession WithLogin(Credential credential, AuthScope scope) =>
        new(Config with { Credential = credential, Scope = scope }, Options);
}
