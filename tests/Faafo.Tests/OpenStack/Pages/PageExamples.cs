using System.Security.Cryptography.X509Certificates;
using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Dns;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;

namespace Faafo.Tests.OpenStack.Pages;

/// <summary>The examples of docs/openstack, line by line: a test compares them, and others run them.</summary>
internal static class PageExamples
{
    internal static async Task IdentityAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var login = await cloud.Session.GetTokenAsync(stop);
        Console.WriteLine($"{login.User?.Name} in {login.Project?.Name} until {login.ExpiresAt:u}");

        var credential = await cloud.Identity.CreateApplicationCredentialAsync(new("worker") { Description = "for web-1" }, stop);
        Console.WriteLine($"id {credential.Id}, and its secret is shown only once");

        await foreach (var one in cloud.Identity.ListApplicationCredentialsAsync(cancellationToken: stop))
        {
            Console.WriteLine($"{one.Name}: {one.Description}");
        }
        await cloud.Identity.DeleteApplicationCredentialAsync(credential.Id, stop);
    }

    internal static async Task ComputeAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var image = await cloud.Images.FindImageAsync("debian-12", stop);
        var flavor = await cloud.Compute.FindFlavorAsync("m1.small", stop);
        var server = await cloud.Compute.CreateServerAsync(new("web-1", image.Id, flavor.Id) { Tags = ["role=web"] }, stop);
        server = await server.WaitUntilActiveAsync(TimeSpan.FromMinutes(5), stop);

        await foreach (var one in cloud.Compute.ListServersAsync(new() { Tags = ["role=web"], Status = ServerStatus.Active }, stop))
        {
            Console.WriteLine($"{one.Name} is {one.Status} at {one.FixedAddresses.FirstOrDefault()}");
        }
        await cloud.Compute.DeleteServerAsync(server.Id, stop);
        await server.WaitUntilDeletedAsync(TimeSpan.FromMinutes(5), stop);
    }

    internal static async Task NetworkingAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var group = await cloud.Networking.GetOrCreateSecurityGroupAsync("web", [Ingress.Tcp(22), Ingress.Tcp(80)], stop);
        var network = await cloud.Networking.FindNetworkAsync("private", stop);
        var port = await cloud.Networking.CreatePortAsync(new(network.Id) { Name = "web-1", SecurityGroups = [group.Id] }, stop);

        var address = await cloud.Networking.AttachFloatingIPToPortAsync(port.Id, cancellationToken: stop);
        Console.WriteLine($"{address.Address} leads to {port.FixedIPs[0].IpAddress}");

        await cloud.Networking.DeleteFloatingIPAsync(address.Id, stop);
        await cloud.Networking.DeletePortAsync(port.Id, stop);
        await cloud.Networking.DeleteSecurityGroupAsync(group.Id, cancellationToken: stop);
    }

    internal static async Task ImagesAsync(OpenStackClient cloud, Stream content, CancellationToken stop)
    {
        var wanted = new NewImage("tiny") { DiskFormat = DiskFormat.Raw, Visibility = ImageVisibility.Private };
        var image = await cloud.Images.CreateImageAsync(wanted, stop);
        image = await cloud.Images.UploadImageAsync(image.Id, content, stop);
        Console.WriteLine($"{image.Name} is {image.Status} and has {image.Size} bytes");

        await foreach (var one in cloud.Images.ListImagesAsync(cancellationToken: stop))
        {
            Console.WriteLine($"{one.Name}: needs a disk of {one.RequiredDisk} GiB");
        }
        await cloud.Images.DeleteImageAsync(image.Id, stop);
    }

    internal static async Task ObjectStorageAsync(
        OpenStackClient cloud, Stream content, Stream target, CancellationToken stop)
    {
        await cloud.ObjectStorage.CreateContainerAsync("pictures", cancellationToken: stop);
        await cloud.ObjectStorage.UploadObjectAsync("pictures", "a b.png", content, new() { ContentType = "image/png" }, stop);

        await using (var download = await cloud.ObjectStorage.DownloadObjectAsync("pictures", "a b.png", cancellationToken: stop))
        {
            await download.Content.CopyToAsync(target, stop);
        }
        await foreach (var one in cloud.ObjectStorage.ListObjectsAsync("pictures", cancellationToken: stop))
        {
            Console.WriteLine($"{one.Name}: {one.Bytes} bytes");
        }
        await cloud.ObjectStorage.DeleteObjectAsync("pictures", "a b.png", stop);
    }

    internal static async Task BlockStorageAsync(OpenStackClient cloud, CancellationToken stop)
    {
        var volume = await cloud.BlockStorage.CreateVolumeAsync(new(10) { Name = "data" }, stop);
        volume = await cloud.BlockStorage.WaitUntilStatusAsync(volume.Id, VolumeStatus.Available, TimeSpan.FromMinutes(5), stop);

        var snapshot = await cloud.BlockStorage.CreateSnapshotAsync(volume.Id, "before", cancellationToken: stop);
        await cloud.BlockStorage.WaitUntilSnapshotAvailableAsync(snapshot.Id, TimeSpan.FromMinutes(5), stop);

        await cloud.BlockStorage.DeleteSnapshotAsync(snapshot.Id, stop);
        await cloud.BlockStorage.WaitUntilSnapshotDeletedAsync(snapshot.Id, TimeSpan.FromMinutes(5), stop);
        await cloud.BlockStorage.DeleteVolumeAsync(volume.Id, stop);
        await cloud.BlockStorage.WaitUntilDeletedAsync(volume.Id, TimeSpan.FromMinutes(5), stop);
    }

    internal static async Task OrchestrationAsync(
        OpenStackClient cloud, string template, Dictionary<string, string> parameters, CancellationToken stop)
    {
        var stack = await cloud.Orchestration.CreateStackAsync(new("web", template) { Parameters = parameters }, stop);
        stack = await cloud.Orchestration.WaitUntilCompleteAsync(stack.Id, TimeSpan.FromMinutes(10), stop);
        Console.WriteLine($"{stack.Name} is {stack.Status}: {stack.Output("address")}");

        await foreach (var resource in cloud.Orchestration.ListStackResourcesAsync(stack.Name, stop))
        {
            Console.WriteLine($"{resource.Name} is a {resource.Type}");
        }
        await cloud.Orchestration.DeleteStackAsync(stack.Name, stop);
    }

    internal static async Task LoadBalancingAsync(OpenStackClient cloud, string balancerId, string poolId, CancellationToken stop)
    {
        var member = await cloud.LoadBalancing.CreateMemberAsync(balancerId, poolId, new("10.0.0.7", 80) { Name = "web-1" }, stop);
        Console.WriteLine($"{member.Address}:{member.ProtocolPort} gets traffic");

        var balancer = await cloud.LoadBalancing.WaitUntilActiveAsync(balancerId, TimeSpan.FromMinutes(5), stop);
        if (balancer.OperatingStatus == OperatingStatus.Online)
        {
            Console.WriteLine($"http://{balancer.VipAddress}/");
        }
    }

    internal static async Task DnsAsync(OpenStackClient cloud, LoadBalancer balancer, CancellationToken stop)
    {
        var zone = await cloud.Dns.FindZoneAsync("example.org", stop);
        var record = new NewRecordSet("app.example.org", RecordType.A, [balancer.VipAddress!]) { Ttl = TimeSpan.FromMinutes(5) };
        var name = await cloud.Dns.CreateRecordSetAsync(zone.Id, record, stop);
        name = await cloud.Dns.WaitUntilRecordSetActiveAsync(zone.Id, name.Id, TimeSpan.FromMinutes(5), stop);
        Console.WriteLine($"{name.Name} leads to {name.Records[0]}");
    }

    internal static async Task KeyManagementAsync(
        OpenStackClient cloud, string balancerId, X509Certificate2 certificate, CancellationToken stop)
    {
        var bundle = certificate.Export(X509ContentType.Pkcs12);
        var secret = await cloud.KeyManagement.CreateSecretAsync(
            new("web-certificate", bundle) { Expiration = new(certificate.NotAfter) }, stop);
        var listener = await cloud.LoadBalancing.CreateListenerAsync(
            new(balancerId, ListenerProtocol.TerminatedHttps, 443) { DefaultTlsContainerRef = secret.Reference }, stop);
        Console.WriteLine($"{listener.Name} decrypts with {secret.Name}");
    }
}
