namespace Faafo.OpenStack;

/// <summary>401: the credential or the token was refused, even after a new login.</summary>
public sealed class UnauthorizedException : OpenStackApiException
{
    internal UnauthorizedException(ApiError error)
        : base(error)
    {
    }
}
