namespace Faafo.OpenStack;

/// <summary>A quota is used up (Nova and Heat say 403, Neutron 409, Cinder and Glance 413).</summary>
public sealed class QuotaExceededException : OpenStackApiException
{
    internal QuotaExceededException(ApiError error)
        : base(error)
    {
    }
}
