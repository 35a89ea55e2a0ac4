using System.Text;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Plan;
using Faafo.Scaler.Policy;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.CloudInit;

/// <summary>User data fit into 16 KB, the limit of many metadata services, whatever the number of instances.</summary>
public sealed class UserDataLengthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(1000)]
    public void Length_does_not_depend_on_the_number_of_instances(int instances)
    {
        var flock = Flock(instances);
        UserDataCheck.Check(flock);

        foreach (var group in flock.AllGroups)
        {
            var written = Write(flock, group, instances);
            var ofFew = Write(flock, group, InstanceSetup.FirstServers);
            Assert.InRange(Encoding.UTF8.GetByteCount(written), 1, 8 * 1024);
            Assert.True(written.Length <= ofFew.Length + 16, $"{group.Name}: {written.Length} of {instances}, {ofFew.Length} of few");
        }
    }

    [Fact]
    public void First_configuration_of_haproxy_has_a_few_apis_and_the_others_are_fetched()
    {
        var written = Write(Flock(250), Flock(250).Balancers, 250);

        Assert.Equal(InstanceSetup.FirstServers, written.Split("    server api-").Length - 1);
        Assert.Contains("http://127.0.0.1/v1/haproxy.cfg?bind=*:80&user=haproxy", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FlockSpec.Api)]
    [InlineData(FlockSpec.Worker)]
    public void Url_that_is_too_long_is_rejected_before_anything_is_created(string group)
    {
        var url = "postgresql://" + new string('x', UserDataTemplate.Limit);
        var flock = group == FlockSpec.Api ? Flock(1) with { DatabaseUrl = url } : Flock(1) with { ImageStoreUrl = url };

        Assert.Matches("^the user data of an instance must be at most 16384 bytes \\(got [0-9]+ with program.yaml\\): "
            + "shorten the URLs in flock.yaml\\z", Assert.Throws<FailureException>(() => UserDataCheck.Check(flock)).Message);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u2028b")]
    public void Value_that_cannot_be_part_of_a_file_is_rejected_without_being_shown(string text)
    {
        var message = Assert.Throws<FailureException>(() => UserDataCheck.Check(Flock(1) with { TransportUrl = $"amqp://s3cret{text}" }))
            .Message;

        Assert.EndsWith(": check the URLs in flock.yaml", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    private static FlockSpec Flock(int instances)
    {
        var flock = FlockSpec.Of("fake");
        return flock with
        {
            Balancing = Balancing.HAProxy,
            Apis = flock.Apis with { Policy = Size(flock.Apis.Policy, instances) },
            Workers = flock.Workers with { Policy = Size(flock.Workers.Policy, instances) },
        };
    }

    private static PolicyOptions Size(PolicyOptions policy, int instances) => policy with { Min = instances, Max = instances };

    private static string Write(FlockSpec flock, GroupSpec group, int instances)
    {
        var secrets = new FlockSecrets(new('d', 32), new('q', 32), new('t', 32), new ApplicationLogin(new('i', 32), new('s', 86)));
        var addresses = Enumerable.Range(0, instances).Select(n => $"10.200.{n / 250}.{n % 250}").ToArray();
        var settings = new InstanceSettings(
            flock, secrets, new Uri("http://keystone.test:5000/v3"), "RegionOne", new Uri("http://10.200.0.1/"), "10.200.0.2", addresses);
        var bundle = new BundleSource(new Uri("http://swift.test/v1/AUTH_1/faafo/bundle.tar.gz?temp_url_sig=1"), new string('a', 64));
        return new InstanceSetup(settings).Write(group, InstanceName.Of(group.Name, instances), "10.200.0.3", bundle);
    }
}
