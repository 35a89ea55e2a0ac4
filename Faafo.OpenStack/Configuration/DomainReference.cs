namespace Faafo.OpenStack;

/// <summary>A domain, by id or by name.</summary>
/// <param name="Id">The id, such as <c>default</c>.</param>
/// <param name="Name">The name, such as <c>Default</c>; needed only without an id.</param>
public sealed record DomainReference(string? Id = null, string? Name = null);
