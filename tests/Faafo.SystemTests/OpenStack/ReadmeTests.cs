using Faafo.OpenStack;
using Faafo.OpenStack.Images;
using Faafo.TestKit;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// Runs the first example of the README unchanged. The test creates the cloud entry, image and key that the example names. The example
/// reads the process's environment and uses any free floating address, so nothing else may run at the same time.
/// </summary>
[Collection(ExclusiveCollection.Name)]
public sealed class ReadmeTests
{
    private const string ConfigVariable = "OS_CLIENT_CONFIG_FILE";

    [Fact]
    public async Task Example_boots_a_server_with_everything_that_it_requests()
    {
        await using var cloud = Connect();
        var directory = Directory.CreateTempSubdirectory("faafo-readme-");
        var before = Environment.GetEnvironmentVariable(ConfigVariable);
        var console = Console.Out;
        var image = await cloud.Images.CreateImageAsync(new NewImage("debian-12") { DiskFormat = "raw" }, Ct);
        try
        {
            await cloud.Images.UploadImageAsync(image.Id, new MemoryStream(new byte[1000]), Ct);
            await cloud.Compute.CreateKeyPairAsync("demokey", Ct);
            var clouds = await File.ReadAllTextAsync(Environment.GetEnvironmentVariable(Variable)!, Ct);
            var file = Path.Combine(directory.FullName, "clouds.yaml");
            await File.WriteAllTextAsync(file, clouds.Replace("devcloud:", "mycloud:", StringComparison.Ordinal), Ct);
            Environment.SetEnvironmentVariable(ConfigVariable, file);
            var printed = new StringWriter();
            Console.SetOut(printed);

            await ReadmeSnippet.BootAsync();

            var server = await cloud.Compute.FindServerAsync("web-1", Ct);
            Assert.Equal(("ACTIVE", "demokey", "m1.small", image.Id),
                (server.Status, server.KeyName, server.Flavor!.OriginalName, server.Image!.Id));
            Assert.Contains("role=web", server.Tags);
            Assert.Equal("web", Assert.Single(server.SecurityGroups).Name);
            var port = await cloud.Networking.ListPortsAsync(deviceId: server.Id, cancellationToken: Ct).SingleAsync(Ct);
            var address = await cloud.Networking.ListFloatingIPsAsync(port.Id, cancellationToken: Ct).SingleAsync(Ct);
            Assert.Equal($"http://{address.Address}/", printed.ToString().Trim());
        }
        finally
        {
            Console.SetOut(console);
            Environment.SetEnvironmentVariable(ConfigVariable, before);
            directory.Delete(true);
            await RemoveExampleAsync(cloud);
            await cloud.Images.DeleteImageAsync(image.Id, CancellationToken.None);
            await cloud.Compute.DeleteKeyPairAsync("demokey", CancellationToken.None);
        }
    }

    private static async Task RemoveExampleAsync(OpenStackClient cloud)
    {
        await foreach (var server in cloud.Compute.ListServersAsync(new() { Name = "web-1" }, CancellationToken.None))
        {
            await foreach (var port in cloud.Networking.ListPortsAsync(deviceId: server.Id, cancellationToken: CancellationToken.None))
            {
                await foreach (var address in cloud.Networking.ListFloatingIPsAsync(port.Id, cancellationToken: CancellationToken.None))
                {
                    await cloud.Networking.DeleteFloatingIPAsync(address.Id, CancellationToken.None);
                }
            }

            await RemoveAsync(cloud, server);
        }

        await foreach (var group in cloud.Networking.ListSecurityGroupsAsync("web", cancellationToken: CancellationToken.None))
        {
            await cloud.Networking.DeleteSecurityGroupAsync(group.Id, OperationTimeout, CancellationToken.None);
        }
    }
}
