namespace Faafo.OpenStack;

/// <summary>401: the credential was rejected, or the token even after another login.</summary>
public sealed class UnauthorizedException : OpenStackApiException
{
    internal UnauthorizedException(ApiError error)
        : base(error)
    {
    }
}
