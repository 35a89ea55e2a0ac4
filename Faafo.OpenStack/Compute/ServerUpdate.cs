namespace Faafo.OpenStack.Compute;

/// <summary>Changes to a server; <c>null</c> leaves a property unchanged.</summary>
public sealed record ServerUpdate
{
    /// <summary>The name: 1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Free text of at most 255 characters (from microversion 2.19 on); empty to remove it.</summary>
    public string? Description { get; init; }
}
