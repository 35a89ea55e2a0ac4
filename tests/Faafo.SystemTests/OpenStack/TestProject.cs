using System.Text;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// A project with a user for one test, so that no other test affects its resources and quota. The test deletes its resources; disposing
/// deletes the project.
/// </summary>
internal sealed class TestProject : IAsyncDisposable
{
    /// <summary>The name of the cloud in <see cref="CloudsYaml"/>.</summary>
    public const string Cloud = "test";

    // Kind, command of the openstack command line, and the column with the name.
    private static readonly (string Kind, string Command, string Column)[] Kinds =
    [
        ("server", "server list", "Name"), ("network", "network list --internal", "Name"), ("subnet", "subnet list", "Name"),
        ("router", "router list", "Name"),
        ("load balancer", "loadbalancer list", "name"), ("port", "port list", "Name"),
        ("floating address", "floating ip list", "Floating IP Address"), ("security group", "security group list", "Name"),
        ("key pair", "keypair list", "Name"), ("credential", "application credential list", "Name"),
        ("container", "container list", "Name"),
    ];

    private readonly OpenStackShell _shell;

    private TestProject(string name, Uri authUrl)
    {
        Name = name;
        Folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, name)).FullName;
        CloudsYaml = Path.Combine(Folder, "clouds.yaml");
        File.WriteAllText(CloudsYaml, $$"""
            clouds:
              {{Cloud}}:
                auth: {auth_url: '{{authUrl}}', username: {{name}}, password: {{name}}, project_name: {{name}},
                       user_domain_id: default, project_domain_id: default}
                region_name: RegionOne
                identity_api_version: 3
            """);
        _shell = new OpenStackShell(CloudsYaml, Cloud);
        var variables = new Dictionary<string, string>(CloudConfigSource.Process.Variables) { ["OS_CLIENT_CONFIG_FILE"] = CloudsYaml };
        Client = new OpenStackClient(CloudConfig.Load(Cloud, null, CloudConfigSource.Process with { Variables = variables }));
    }

    /// <summary>The name of the project and of its user.</summary>
    public string Name { get; }

    /// <summary>A folder for files of the test.</summary>
    public string Folder { get; }

    /// <summary>The path of a clouds.yaml with only this project.</summary>
    public string CloudsYaml { get; }

    /// <summary>A client with the project's user.</summary>
    public OpenStackClient Client { get; }

    /// <summary>Creates a project, with limits such as <c>instances 3</c> that replace the cloud's defaults.</summary>
    public static async Task<TestProject> CreateAsync(params string[] limits)
    {
        await using var admin = TestCloud.Connect("devcloud-admin");
        var name = TestCloud.Unique("flock");
        await TestCloud.AdministrateAsync(
            [$"project create --domain default {name}", $"user create --domain default --password {name} {name}",
            $"role add --project {name} --user {name} member", $"role add --project {name} --user {name} load-balancer_member",
            .. limits.Select(limit => $"quota set --{limit} {name}")]);
        return new TestProject(name, admin.Session.Config.AuthUrl);
    }

    /// <summary>
    /// Lists the resources of the project with the openstack command line, sorted, such as <c>server app-worker-1</c>. Leaves out ports
    /// without a name, which belong to servers and routers, and the security group "default".
    /// </summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var output = await _shell.RunAsync(Kinds.Select(kind => $"{kind.Command} -f json"));
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        var found = new List<string>();
        foreach (var (kind, command, column) in Kinds)
        {
            Assert.True(reader.Read(), $"{command}: no JSON in {output}");
            using var list = JsonDocument.ParseValue(ref reader);
            found.AddRange(list.RootElement.EnumerateArray().Select(one => one.GetProperty(column).GetString())
                .Where(name => !string.IsNullOrEmpty(name) && (kind, name) is not ("security group", "default"))
                // The name of an application credential is the flock's name, then project and region.
                .Select(name => $"{kind} {(kind == "credential" ? name!.Split('@')[0] : name)}"));
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Runs a command such as <c>loadbalancer pool list</c> and returns its JSON.</summary>
    public async Task<JsonElement> ShowAsync(string command)
    {
        using var list = JsonDocument.Parse(await _shell.RunAsync($"{command} -f json"));
        return list.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _shell.Dispose();
        await TestCloud.AdministrateAsync($"user delete {Name}", $"project delete {Name}");
    }
}
