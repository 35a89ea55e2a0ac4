using System.Text.Json;
using Faafo.OpenStack;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>The examples of docs/openstack/index.rst and other-services.rst.</summary>
internal static class OtherServicesPage
{
    internal static async Task<int> ConnectAsync(CancellationToken stop)
    {
        await using var cloud = OpenStackClient.FromCloud("mycloud");
        return await cloud.Compute.ListServersAsync(cancellationToken: stop).CountAsync(stop);
    }

    internal static async Task<int> CountSharesAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var request = new ServiceRequest(new ServiceType("shared-file-system"), HttpMethod.Get, "/shares/detail")
        {
            Query = [new("name", "data")],
            Headers = [new("X-OpenStack-Manila-API-Version", "2.51")],
        };
        using var response = await cloud.Session.SendAsync(request, stop);
        using var shares = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(stop));
        return shares.RootElement.GetProperty("shares").GetArrayLength();
    }

    internal static async Task<string?> FindHostAsync(OpenStackClient cloud, string id, CancellationToken stop)
    {
        var server = await cloud.Compute.GetServerAsync(id, stop);
        return server.RawJson.GetProperty("hostId").GetString();
    }
}
