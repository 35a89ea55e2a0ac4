namespace Faafo.OpenStack;

internal sealed record ScopedItem(string Id, string? Name, string? Description, string? FloatingIpAddress)
{
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    public string? TenantId { init => ProjectId ??= value; }
}
