namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Changes of a container; <c>null</c> leaves a property unchanged.</summary>
public sealed record ContainerUpdate
{
    /// <summary>
    /// Who may read objects, such as <see cref="ContainerAcl.PublicRead"/>; an empty text leaves the project's own users only.
    /// </summary>
    public string? ReadAcl { get; init; }

    /// <summary>Who may write objects, such as <c>{project}:{user}</c>; an empty text leaves the project's own users only.</summary>
    public string? WriteAcl { get; init; }

    /// <summary>
    /// The metadata to set; an empty value removes an item, items that are not listed stay. <c>Quota-Bytes</c> and <c>Quota-Count</c>
    /// limit the container, <c>Access-Control-Allow-Origin</c> admits scripts of other sites.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
