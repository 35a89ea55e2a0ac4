using System.IO.Compression;
using System.Xml.Linq;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;
using static Faafo.SystemTests.OpenStack.TestCloud;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// Packs the library, checks the content of the package, and restores it from a folder into a new project outside of the repository, which
/// boots a server.
/// </summary>
public sealed class PackageTests
{
    private const string Version = "0.0.1-test";

    private const string Program = """
        using Faafo.OpenStack;
        using Faafo.OpenStack.Compute;

        await using var cloud = OpenStackClient.FromCloud("devcloud");
        var image = await cloud.Images.FindImageAsync(args[1]);
        var flavor = await cloud.Compute.FindFlavorAsync(args[2]);
        var network = await cloud.Networking.FindNetworkAsync(args[3]);
        var server = await cloud.Compute.CreateServerAsync(
            new NewServer(args[0], image.Id, flavor.Id) { Networks = ServerNetworks.Of(network.Id), Tags = ["faafo-test"] });
        server = await server.WaitUntilActiveAsync(TimeSpan.FromMinutes(3));
        Console.WriteLine($"{server.Name} is {server.Status}");
        await cloud.Compute.DeleteServerAsync(server.Id);
        await server.WaitUntilDeletedAsync(TimeSpan.FromMinutes(3));
        Console.WriteLine("gone");
        """;

    private const string Project = $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RestorePackagesPath>packages</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Faafo.OpenStack" Version="{Version}" />
          </ItemGroup>
        </Project>
        """;

    private static readonly string Cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public async Task Package_that_is_restored_from_a_folder_boots_a_server()
    {
        await using var cloud = Connect();
        var folder = Directory.CreateTempSubdirectory("faafo-package-");
        var name = Unique("package");
        try
        {
            var feed = await PackAsync(folder.FullName);
            var project = folder.CreateSubdirectory("app").FullName;
            await File.WriteAllTextAsync(Path.Combine(project, "app.csproj"), Project, Ct);
            await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Program, Ct);
            await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), Configuration(feed), Ct);
            await RunAsync(project, "build", "--configuration", "Release", "--output", "out", "--nologo", "-v", "q");

            string[] arguments = ["out/app.dll", name, ImageName, FlavorName, NetworkName];
            await using var app = ChildProcess.Start("dotnet", arguments, Variables(), project);
            Assert.True(await app.WaitAsync(Ct) == 0, app.Output);

            Assert.Equal([$"{name} is ACTIVE", "gone"], app.Output.Trim().Split('\n'));
        }
        finally
        {
            folder.Delete(true);
            await foreach (var left in cloud.Compute.ListServersAsync(new() { Name = name }, CancellationToken.None))
            {
                await RemoveAsync(cloud, left);
            }
        }
    }

    [Fact]
    public async Task Package_has_what_a_registry_shows_and_a_debugger_needs()
    {
        var folder = Directory.CreateTempSubdirectory("faafo-package-");
        try
        {
            var feed = await PackAsync(folder.FullName);
            await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed, $"Faafo.OpenStack.{Version}.nupkg"), Ct);
            await using var symbols = await ZipFile.OpenReadAsync(Path.Combine(feed, $"Faafo.OpenStack.{Version}.snupkg"), Ct);
            await using var manifest = await package.GetEntry("Faafo.OpenStack.nuspec")!.OpenAsync(Ct);
            var metadata = (await XDocument.LoadAsync(manifest, LoadOptions.None, Ct)).Root!.Elements().First();

            Assert.Equal(
                ("Apache-2.0", "PACKAGE.md", "Faafo.OpenStack"), (Element("license"), Element("readme"), Element("title")));
            Assert.Contains("openstack", Element("tags").Split(' '));
            Assert.Equal("git", metadata.Elements().Single(one => one.Name.LocalName == "repository").Attribute("type")?.Value);
            string[] files = ["PACKAGE.md", "lib/net10.0/Faafo.OpenStack.dll", "lib/net10.0/Faafo.OpenStack.xml"];
            Assert.All(files, file => Assert.NotNull(package.GetEntry(file)));
            Assert.NotNull(symbols.GetEntry("lib/net10.0/Faafo.OpenStack.pdb"));
            Assert.Equal(
                ["Microsoft.Extensions.Http", "YamlDotNet"],
                metadata.Descendants().Where(one => one.Name.LocalName == "dependency").Select(one => one.Attribute("id")!.Value).Order());

            string Element(string name) => metadata.Elements().Single(one => one.Name.LocalName == name).Value;
        }
        finally
        {
            folder.Delete(true);
        }
    }

    // The build folder is separate, so that tests of the same build may run at the same time.
    private static async Task<string> PackAsync(string folder)
    {
        var feed = Path.Combine(folder, "feed");
        await RunAsync(
            Repository.Root, "pack", "Faafo.OpenStack/Faafo.OpenStack.csproj", "--configuration", "Release", "--output", feed, "--nologo",
            "-v", "q", $"-p:Version={Version}", "-p:RunAnalyzers=false", $"-p:ArtifactsPath={Path.Combine(folder, "build")}/");
        return feed;
    }

    // The dependencies are those that the repository's own restore has already brought.
    private static string Configuration(string feed) => $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="feed" value="{feed}" />
          </packageSources>
          <fallbackPackageFolders>
            <clear />
            <add key="cache" value="{Cache}" />
          </fallbackPackageFolders>
        </configuration>
        """;

    private static Dictionary<string, string> Variables() => new()
    {
        ["OS_CLIENT_CONFIG_FILE"] = Environment.GetEnvironmentVariable(Variable)!,
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "1",
    };

    private static async Task RunAsync(string folder, params string[] arguments)
    {
        var environment = new Dictionary<string, string> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1" };
        await using var dotnet = ChildProcess.Start("dotnet", arguments, environment, folder);
        Assert.True(await dotnet.WaitAsync(Ct) == 0, $"dotnet {string.Join(' ', arguments)}\n{dotnet.Output}");
    }
}
