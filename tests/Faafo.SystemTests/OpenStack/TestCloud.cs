using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Xunit;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// A real cloud, given by FAAFO_TEST_CLOUDS_YAML (tests/devcloud/up prints it), and Debian's command line to check results independently.
/// </summary>
internal static class TestCloud
{
    public const string Variable = "FAAFO_TEST_CLOUDS_YAML";
    public const string ImageName = "tiny-linux";
    public const string FlavorName = "m1.nano";
    public const string NetworkName = "private";

    public static readonly TimeSpan OperationTimeout = TimeSpan.FromMinutes(3);

    private static readonly OpenStackShell Shell = new(Environment.GetEnvironmentVariable(Variable), "devcloud");
    private static readonly OpenStackShell Administrator = new(Environment.GetEnvironmentVariable(Variable), "devcloud-admin");

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static OpenStackClient Connect(string cloud = "devcloud", string? cloudsYaml = null)
    {
        var file = cloudsYaml ?? Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(!string.IsNullOrEmpty(file), $"{Variable} is not set: no cloud to test against (tests/devcloud/up starts one)");
        var variables = new Dictionary<string, string>(CloudConfigSource.Process.Variables) { ["OS_CLIENT_CONFIG_FILE"] = file };
        return new OpenStackClient(CloudConfig.Load(cloud, null, CloudConfigSource.Process with { Variables = variables }));
    }

    public static string Unique(string name) => $"t-{name}-{Guid.NewGuid().ToString("N")[..8]}";

    public static async Task<Server> BootAsync(OpenStackClient cloud, string name, params string[] groups)
    {
        var image = await cloud.Images.FindImageAsync(ImageName, Ct);
        var flavor = await cloud.Compute.FindFlavorAsync(FlavorName, Ct);
        var network = await cloud.Networking.FindNetworkAsync(NetworkName, Ct);
        var server = await cloud.Compute.CreateServerAsync(
            new NewServer(name, image.Id,
                flavor.Id)
            { SecurityGroups = groups, Networks = ServerNetworks.Of(network.Id), Tags = ["faafo-test"] }, Ct);
        return await server.WaitUntilActiveAsync(OperationTimeout, Ct);
    }

    public static async Task RemoveAsync(OpenStackClient cloud, Server server)
    {
        await cloud.Compute.DeleteServerAsync(server.Id, CancellationToken.None);
        await server.WaitUntilDeletedAsync(OperationTimeout, CancellationToken.None);
    }

    /// <summary>Runs a command of the openstack command line with "-f json" and returns its output.</summary>
    public static async Task<JsonElement> ShowAsync(string command)
    {
        using var document = JsonDocument.Parse(await OpenStackAsync($"{command} -f json"));
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command of the openstack command line and returns its output.</summary>
    public static Task<string> OpenStackAsync(string command) => Shell.RunAsync(command);

    /// <summary>Runs commands as the administrator and returns their outputs.</summary>
    public static Task<string> AdministrateAsync(params IEnumerable<string> commands) => Administrator.RunAsync(commands);
}
