using Faafo.SystemTests.Flock;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>Errors of the programs for invalid options and for addresses on which they cannot listen.</summary>
public sealed class OptionTests
{
    [Theory]
    [InlineData("faafo-api", "--heartbeat", "0s", "--heartbeat must be from 0.1s to 3600s (got '0s')")]
    [InlineData("faafo-api", "--heartbeat", "9999h", "--heartbeat must be from 0.1s to 3600s (got '9999h')")]
    [InlineData("faafo-api", "--heartbeat", "soon", "--heartbeat must be a time such as 250ms, 30s, 5m or 2h (got 'soon')")]
    [InlineData("faafo-api", "--urls", "nonsense", "--urls must be an address such as http://127.0.0.1:8080 (got 'nonsense')")]
    [InlineData("faafo-api", "--urls", "http://127.0.0.1:99999",
        "--urls must be an address such as http://127.0.0.1:8080 (got 'http://127.0.0.1:99999')")]
    [InlineData("faafo-api", "--urls", "https://127.0.0.1",
        "--urls must be an address such as http://127.0.0.1:8080 (got 'https://127.0.0.1')")]
    [InlineData("faafo-api", "--state-dir", "", "--state-dir must not be empty")]
    [InlineData("faafo-api", "--queue-type", "stream", "--queue-type must be one of quorum, classic (got 'stream')")]
    [InlineData("faafo-api", "--image-redirect", "perhaps", "Unrecognized command or argument 'perhaps'.")]
    [InlineData("faafo-worker", "--heartbeat", "0s", "--heartbeat must be from 0.1s to 3600s (got '0s')")]
    [InlineData("faafo-worker", "--drain-deadline", "9999999h", "--drain-deadline must be from 0s to 86400s (got '9999999h')")]
    [InlineData("faafo-worker", "--slots", "0", "--slots must be a whole number from 1 to 1024 (got '0')")]
    [InlineData("faafo-worker", "--slots", "1,0", "--slots must be a whole number from 1 to 1024 (got '1,0')")]
    [InlineData("faafo-worker", "--slots", " 2", "--slots must be a whole number from 1 to 1024 (got ' 2')")]
    [InlineData("faafo-worker", "--queue-type", "+1", "--queue-type must be one of quorum, classic (got '+1')")]
    [InlineData("faafo-worker", "--queue-type", "quorum,classic", "--queue-type must be one of quorum, classic (got 'quorum,classic')")]
    [InlineData("faafo-worker", "--heartbeat", "1,5s", "--heartbeat must be a time such as 250ms, 30s, 5m or 2h (got '1,5s')")]
    [InlineData("faafo-scaler", "--port", "8_080", "--port must be a whole number from 1 to 65535 (got '8_080')")]
    [InlineData("faafo-worker", "--endpoint-url", "ftp://x",
        "--endpoint-url must be an address such as http://127.0.0.1:8080 (got 'ftp://x')")]
    [InlineData("faafo-worker", "--node-name", "", "--node-name must not be empty")]
    [InlineData("faafo-scaler", "--endpoint-url", "foo:bar",
        "--endpoint-url must be an address such as http://127.0.0.1:8080 (got 'foo:bar')")]
    [InlineData("faafo-scaler", "--port", "0", "--port must be a whole number from 1 to 65535 (got '0')")]
    [InlineData("faafo-scaler", "--state-dir", "", "--state-dir must not be empty")]
    public async Task Invalid_option_fails_with_its_limit(string program, string option, string value, string message)
    {
        await using var child = ChildProcess.Start(PathOf(program),
            program == "faafo-scaler" ? ["status", option, value] : [option, value]);

        Assert.Equal(2, await child.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{message}\nTry '{program} --help'.\n", child.Output);
    }

    [Fact]
    public async Task Number_in_environment_or_settings_follows_the_grammar_of_options()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"settings-{Guid.NewGuid():N}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{"slots": 2.0}""", TestContext.Current.CancellationToken);
        await using var environment = ChildProcess.Start(PathOf("faafo-worker"), [],
            new Dictionary<string, string> { ["FAAFO_SLOTS"] = "1,000" });
        await using var settings = ChildProcess.Start(PathOf("faafo-worker"), [], workingDirectory: folder);

        Assert.Equal(2, await environment.WaitAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("--slots must be a whole number from 1 to 1024 (got '1,000')\n", environment.Output, StringComparison.Ordinal);
        Assert.Equal(2, await settings.WaitAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("--slots must be a whole number from 1 to 1024 (got '2.0')\n", settings.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_name_over_100_characters_is_rejected()
    {
        await using var child = ChildProcess.Start(PathOf("faafo-worker"), ["--node-name", new string('x', 101)]);

        Assert.Equal(2, await child.WaitAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("--node-name must have at most 100 characters (got 101)\n", child.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://192.0.2.1:{0}",
        "cannot listen on http://192.0.2.1:{0} (Cannot assign requested address): choose another address with --urls")]
    [InlineData("http://127.0.0.1:{1}", "http://127.0.0.1:{1} is in use by another program: choose another address with --urls")]
    public async Task Unusable_address_fails_with_one_sentence(string urls, string message)
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        object[] ports = [FreePort.Next(), ((System.Net.IPEndPoint)taken.LocalEndpoint).Port];
        var folder = Path.Combine(Reaper.Folder, $"options-{Guid.NewGuid():N}");
        await using var api = ChildProcess.Start(PathOf("faafo-api"),
            ["--urls", string.Format(System.Globalization.CultureInfo.InvariantCulture, urls, ports), "--state-dir", folder]);

        Assert.Equal(1, await api.WaitAsync(TestContext.Current.CancellationToken));
        Assert.EndsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, ports) + "\n", api.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", api.Output, StringComparison.Ordinal);
    }

    private static string PathOf(string program) =>
        TestFlock.PathOf(program switch { "faafo-api" => "Faafo.Api", "faafo-worker" => "Faafo.Worker", _ => "Faafo.Scaler" }, program);
}
