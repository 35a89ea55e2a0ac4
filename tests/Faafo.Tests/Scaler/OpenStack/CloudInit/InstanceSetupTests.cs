using System.Diagnostics;
using System.Text;
using Faafo.Options;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.Spec;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Faafo.Tests.Scaler.OpenStack.CloudInit;

/// <summary>User data against golden files. To approve a change: FAAFO_APPROVE=1, run these tests, and look at the difference.</summary>
public sealed class InstanceSetupTests
{
    private static readonly BundleSource Programs = new(
        new Uri("http://swift.test/v1/AUTH_1/faafo/bundle.tar.gz?temp_url_sig=1&temp_url_expires=2"), new string('a', 64));

    [Theory]
    [InlineData(FlockSpec.Services, "app-services", "10.0.3.5")]
    [InlineData(FlockSpec.LoadBalancer, "app-lb", "10.0.2.4")]
    [InlineData(FlockSpec.Api, "app-api-2", "10.0.2.6")]
    [InlineData(FlockSpec.Worker, "app-worker-7", null)]
    public void User_data_match_the_golden_files(string group, string node, string? address)
    {
        var written = Write(FlockSpec.Of("devcloud") with { Balancing = Balancing.HAProxy }, group, node, address);

        var file = Path.Combine(Folder(), $"{group}.golden.yaml");
        if (Environment.GetEnvironmentVariable("FAAFO_APPROVE") == "1")
        {
            File.WriteAllText(file, written);
        }
        Assert.Equal(File.ReadAllText(file), written);
        Assert.True(Encoding.UTF8.GetByteCount(written) < 16 * 1024);
        Assert.DoesNotContain("{{", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_and_balancer_do_not_get_the_database_password()
    {
        foreach (var group in (string[])[FlockSpec.LoadBalancer, FlockSpec.Worker])
        {
            var userData = Write(FlockSpec.Of("devcloud"), group, $"app-{group}", "10.0.0.1");
            Assert.DoesNotContain("database-password", userData, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FlockSpec.Services, "curl postgresql rabbitmq-server", 3, 0)]
    [InlineData(FlockSpec.LoadBalancer, "curl haproxy", 3, 0)]
    [InlineData(FlockSpec.Worker, "curl ca-certificates", 1, 0)]
    [InlineData(FlockSpec.Services, "curl postgresql rabbitmq-server", 1000, 1)]
    public async Task Unreachable_package_mirror_is_retried_a_limited_number_of_times(
        string group, string packages, int respondsAt, int code)
    {
        var data = Write(FlockSpec.Of("devcloud"), group, $"app-{group}", "10.0.0.1");
        var installing = data[data.IndexOf("tries=", StringComparison.Ordinal)..];
        installing = installing[..(installing.IndexOf("done\n", StringComparison.Ordinal) + "done\n".Length)];
        using var setup = Process.Start(new ProcessStartInfo("bash", ["-euc", $$"""
            asked=0
            apt-get() { echo "$@"; [ $1 = update ] || [ $((asked += 1)) -ge {{respondsAt}} ]; }
            sleep() { echo sleep $1; }

            """ + installing]) { RedirectStandardOutput = true })!;
        var output = await setup.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await setup.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, setup.ExitCode);
        var attempt = $"update -q\ninstall -q -y --no-install-recommends {packages}\n";
        Assert.Equal(string.Join("sleep 10\n", Enumerable.Repeat(attempt, Math.Min(respondsAt, 90))), output);
    }

    [Fact]
    public void Value_that_would_break_the_environment_file_is_quoted_or_rejected()
    {
        var flock = FlockSpec.Of("devcloud") with { TransportUrl = "amqp://a:\"\\@h/" };

        var userData = Write(flock, FlockSpec.Worker, "app-worker-1", null);
        Assert.Contains("""FAAFO_TRANSPORT_URL="amqp://a:\"\\@h/" """.TrimEnd(), userData, StringComparison.Ordinal);
        Assert.Throws<FailureException>(() => Write(flock with { TransportUrl = "amqp://a\nb" }, FlockSpec.Worker, "app-worker-1", null));
    }

    private static string Write(FlockSpec flock, string group, string node, string? address)
    {
        var login = new ApplicationLogin("login-id", "login-secret");
        var secrets = new FlockSecrets("database-password", "queue-password", "signing-key", login);
        var settings = new InstanceSettings(flock, secrets, new Uri("http://keystone.test:5000/v3"), "RegionOne",
            new Uri("http://10.0.2.4/"), "10.0.3.5", ["10.0.2.5", "10.0.2.6"]);
        var written = new InstanceSetup(settings).Write(new GroupSpec(group, 2, flock.Workers.Policy), node, address, Programs);
        new YamlStream().Load(new StringReader(written));
        return written;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
        {
            folder = folder.Parent!;
        }
        return Path.Combine(folder.FullName, "tests", "Faafo.Tests", "Scaler", "OpenStack", "CloudInit");
    }
}
