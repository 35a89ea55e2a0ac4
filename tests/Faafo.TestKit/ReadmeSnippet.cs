using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;

namespace Faafo.TestKit;

/// <summary>The first example of Faafo.OpenStack/README.rst, line by line: a test compares them, and the system tests run it.</summary>
internal static class ReadmeSnippet
{
    internal static async Task BootAsync()
    {
        await using var cloud = OpenStackClient.FromCloud("mycloud");

        var image = await cloud.Images.FindImageAsync("debian-12");
        var flavor = await cloud.Compute.FindFlavorAsync("m1.small");
        var group = await cloud.Networking.GetOrCreateSecurityGroupAsync("web", [Ingress.Tcp(22), Ingress.Tcp(80)]);

        var server = await cloud.Compute.CreateServerAsync(new("web-1", image.Id, flavor.Id)
        {
            KeyName = "demokey",
            SecurityGroups = [group.Name],
            UserData = UserData.Script("#!/bin/sh\napt-get install -y nginx\n"),
            Tags = ["role=web"],
        });
        server = await server.WaitUntilActiveAsync(TimeSpan.FromMinutes(5));

        var address = await cloud.Networking.AttachFloatingIPAsync(server.Id);
        Console.WriteLine($"http://{address.Address}/");
    }
}
