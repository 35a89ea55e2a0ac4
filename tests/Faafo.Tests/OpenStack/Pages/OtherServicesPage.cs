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

    internal static async Task<int> ListZonesAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var request = new ServiceRequest(new ServiceType("dns"), HttpMethod.Get, "/v2/zones")
        {
            Query = [new("name", "example.org.")],
            Headers = [new("X-Auth-All-Projects", "true")],
        };
        using var response = await cloud.Session.SendAsync(request, stop);
        using var zones = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(stop));
        return zones.RootElement.GetProperty("zones").GetArrayLength();
    }

    internal static async Task<string?> FindHostAsync(OpenStackClient cloud, string id, CancellationToken stop)
    {
        var server = await cloud.Compute.GetServerAsync(id, stop);
        return server.RawJson.GetProperty("hostId").GetString();
    }
}
