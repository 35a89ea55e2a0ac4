namespace Faafo.OpenStack;

/// <summary>A quota is used up (403 from Nova and Heat, 409 from Neutron, 413 from Cinder and Glance).</summary>
public sealed class QuotaExceededException : OpenStackApiException
{
    internal QuotaExceededException(ApiError error)
        : base(error)
    {
    }
}
