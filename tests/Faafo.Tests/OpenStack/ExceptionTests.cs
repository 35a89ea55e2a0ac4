using System.Net;
using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ExceptionTests
{
    // A test of a program that handles an exception has to create it.
    [Fact]
    public void Every_exception_has_a_public_constructor() => Assert.All(
        typeof(OpenStackException).Assembly.GetExportedTypes().Where(type => typeof(OpenStackException).IsAssignableFrom(type)),
        type => Assert.NotEmpty(type.GetConstructors()));

    [Fact]
    public void Errors_of_services_have_the_status_that_they_are_made_of()
    {
        OpenStackApiException[] all =
        [
            new NotFoundException(ServiceType.Compute, "gone"), new ConflictException(ServiceType.Compute, "in use"),
            new QuotaExceededException(ServiceType.Compute, "full"), new RateLimitedException(ServiceType.Compute, "slow down"),
            new UnauthorizedException(ServiceType.Compute, "who"),
        ];

        Assert.Equal([404, 409, 403, 429, 401], all.Select(e => (int)e.Status));
        Assert.Equal(["gone", "in use", "full", "slow down", "who"], all.Select(e => e.Message));
    }

    [Fact]
    public void Properties_of_an_error_can_be_initialized()
    {
        var e = new OpenStackApiException(ServiceType.Network, HttpStatusCode.ServiceUnavailable, "busy")
        {
            ErrorType = "Busy",
            RetryAfter = TimeSpan.FromSeconds(3),
            RequestId = "req-1",
        };

        Assert.Equal(("Busy", TimeSpan.FromSeconds(3), "req-1", ""), (e.ErrorType, e.RetryAfter, e.RequestId, e.Body));
    }
}
