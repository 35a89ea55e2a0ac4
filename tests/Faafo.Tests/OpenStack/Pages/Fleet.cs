using Faafo.OpenStack;
using Faafo.OpenStack.Compute;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>A class of an application, as docs/openstack/testing.rst shows it.</summary>
public sealed class Fleet(OpenStackClient cloud)
{
    public async Task<bool> TryGrowAsync(int limit, CancellationToken stop)
    {
        var running = await cloud.Compute.ListServersAsync(new() { Tags = ["fleet"] }, stop)
            .CountAsync(server => server.Status == ServerStatus.Active, stop);
        if (running >= limit)
        {
            return false;
        }
        try
        {
            await cloud.Compute.CreateServerAsync(new("fleet", "image", "flavor") { Tags = ["fleet"] }, stop);
            return true;
        }
        catch (QuotaExceededException)
        {
            return false;
        }
    }
}
