using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Networking;
using Faafo.Tests.Conventions;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>The twenty lines of Faafo.OpenStack/README.rst compile: they stand here too, line for line.</summary>
public sealed class ReadmeSnippetTests
{
    [Fact]
    public void The_first_example_of_the_README_is_the_code_that_compiles_here()
    {
        var shown = File.ReadLines(Path.Combine(Repository.Root, "Faafo.OpenStack", "README.rst"))
            .SkipWhile(line => line != ".. code-block:: csharp").Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' ');
        var compiled = File.ReadLines(Source()).SkipWhile(line => !line.StartsWith("    internal static async Task BootAsync", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line != "    }");

        Assert.Equal(Code(compiled), Code(shown).Where(line => !line.StartsWith("using Faafo.", StringComparison.Ordinal)));
    }

    private static List<string> Code(IEnumerable<string> lines) => [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string Source() => Path.Combine(Repository.Root, "tests", "Faafo.Tests", "OpenStack", $"{nameof(ReadmeSnippetTests)}.cs");

    internal static async Task BootAsync()
    {
        await using var cloud = OpenStackClient.FromCloud("mycloud");

        var image = await cloud.Images.FindAsync("debian-12");
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
