using Faafo.OpenStack;
using Microsoft.Extensions.DependencyInjection;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>The example of docs/openstack/hosting.rst.</summary>
internal static class HostingPage
{
    internal static void Add(IServiceCollection services)
    {
        services.AddOpenStack("mycloud");
        services.Configure<OpenStackClientOptions>(options =>
        {
            options.MaxAttempts = 3;
            options.UserAgent = "my-app/1.0";
        });
    }
}
