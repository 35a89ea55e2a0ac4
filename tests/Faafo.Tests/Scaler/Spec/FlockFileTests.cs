using Faafo.Options;
using Faafo.Scaler.Spec;
using Xunit;

namespace Faafo.Tests.Scaler.Spec;

public sealed class FlockFileTests
{
    [Fact]
    public void Local_sample_shows_the_defaults()
    {
        var byDefault = new FlockSpec();

        Assert.Equal(byDefault with { Workers = byDefault.Workers with { Policy = byDefault.Workers.Policy with { Max = 4 } } },
            Read(Sample("flock-local.yaml")));
    }

    [Fact]
    public void Sample_has_the_six_instances_of_the_guide_and_shows_every_key()
    {
        var text = Sample("flock.yaml");
        var flock = Read(text);

        Assert.Equal(("mycloud", "faafo", "debian-12", "m1.small", "demokey"),
            (flock.Cloud, flock.Name, flock.Image, flock.Flavor, flock.KeyPair));
        Assert.Equal(6, flock.AllGroups.Sum(group => group.Policy.Min));
        Assert.Equal([FlockSpec.Services, FlockSpec.Api, FlockSpec.Worker], flock.AllGroups.Select(group => group.Name));
        Assert.Equal(new OwnNetworks("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"), flock.OwnNetworks);
        var byDefault = FlockSpec.Of("mycloud");
        Assert.Equal((byDefault.Interval, byDefault.Workers.Policy, byDefault.Apis.Policy with { LoadTarget = 0.7 }),
            (flock.Interval, flock.Workers.Policy, flock.Apis.Policy));
        string[] unknown = ["nothing: 1", "cloud: c\ngroups: {nothing: 1}", "groups: {worker: {nothing: 1}}",
            "groups: {worker: {policy: {nothing: 1}}}"];
        foreach (var invalid in unknown)
        {
            var keys = ErrorOf(invalid).Split("known keys: ")[1].Split(", ");
            Assert.All(keys, key => Assert.Contains(key + ":", text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("lb: yes", "2:5: lb must be none, haproxy or octavia (got 'yes')")]
    [InlineData("name: Faafo", "2:7: name must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter (got 'Faafo')")]
    [InlineData("name: \"faafo\\n\"",
        "2:7: name must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter (got 'faafo\n')")]
    [InlineData("id: 0123", "2:5: id must be the 12 hexadecimal digits that 'up' shows (got '0123')")]
    [InlineData("network: a\nnetworks: {worker: 10.0.1.0/24, api: 10.0.2.0/24, services: 10.0.3.0/24}",
        "1:1: network and networks exclude each other: network uses an existing one, networks creates three")]
    [InlineData("key_pair: a\npublic_key_file: b",
        "1:1: key_pair and public_key_file exclude each other: key_pair uses an existing one, public_key_file creates one")]
    [InlineData("networks: {worker: 10.0.1.0/24}", "2:11: networks.api is missing: networks needs worker, api and services")]
    [InlineData("networks: {worker: 10.0.1.0/33}",
        "2:20: networks.worker must be an IPv4 range with a prefix from 8 to 28, such as 10.0.1.0/24 (got '10.0.1.0/33')")]
    [InlineData("networks: {worker: 10.0.0.0/16, api: 10.0.2.0/24}", "2:38: networks.api (10.0.2.0/24) overlaps networks.worker")]
    [InlineData("bundle: {url: ftp://a, sha256: b}", "2:15: bundle.url must begin with http:// or https:// (got 'ftp://a')")]
    [InlineData("bundle: {url: http://a/}", "2:9: bundle must have url and sha256")]
    [InlineData("database_url: {env: FAAFO_NOT_THERE}", "2:21: database_url: the environment variable FAAFO_NOT_THERE is not set")]
    [InlineData("transport_url: sqlite:queue.db", "2:16: transport_url must begin with amqp:// or amqps:// on a cloud")]
    [InlineData("database_url: mysql://faafo:secret@db/faafo",
        "2:15: database_url must begin with postgresql:// or postgres:// on a cloud")]
    [InlineData("image_store_url: file:/images", "2:18: image_store_url must begin with swift: on a cloud")]
    [InlineData("groups: {api: {min: 0}}",
        "2:9: groups.api.min must be at least 1 on a cloud (got 0): the scaler reads the queue from the API")]
    [InlineData("groups: {services: {min: 2, max: 2}}", "2:20: services must have one instance: min and max must be 1 (got 2 and 2)")]
    [InlineData("groups: {api: {max: '1,000'}}", "2:21: max must be a whole number from 1 to 10000 (got '1,000')")]
    [InlineData("groups: {worker: {slots: ' 2'}}", "2:26: slots must be a whole number from 1 to 1024 (got ' 2')")]
    [InlineData("groups: {worker: {max: 1_000}}", "2:24: max must be a whole number from 1 to 10000 (got '1_000')")]
    [InlineData("groups: {worker: {policy: {tolerance: '0,1'}}}", "2:39: tolerance must be a number from 0 to 1 (got '0,1')")]
    [InlineData("groups: {worker: {policy: {tolerance: .1}}}", "2:39: tolerance must be a number from 0 to 1 (got '.1')")]
    [InlineData("groups: {api: {floating_ip: maybe}}", "2:29: floating_ip must be true or false (got 'maybe')")]
    public void Error_on_a_cloud_has_its_place(string text, string message)
    {
        Assert.Equal("flock.yaml:" + message, ErrorOf("cloud: c\n" + text));
    }

    [Fact]
    public void Keys_for_clouds_are_rejected_on_this_host()
    {
        Assert.Equal("flock.yaml:1:8: image is only for a flock on a cloud (cloud is local): remove it, or set cloud", ErrorOf("image: a"));
        Assert.Equal("b", new FlockFile("flock.yaml", "a").Read(new StringReader("cloud: local\nimage: b")).Image);
    }

    [Fact]
    public void Local_haproxy_has_two_to_four_apis_by_default()
    {
        var flock = Read("groups: {api: {min: 3}}\nlb: haproxy");

        Assert.Equal((Balancing.HAProxy, 3, 4), (flock.Balancing, flock.Apis.Policy.Min, flock.Apis.Policy.Max));
        Assert.Equal([FlockSpec.LoadBalancer, FlockSpec.Api, FlockSpec.Worker], flock.AllGroups.Select(group => group.Name));
        Assert.Equal(new FlockSpec().Balanced(), new FlockFile("flock.yaml", balanced: true).Read(new StringReader("lb: none")));
        Assert.Equal("flock.yaml:1:5: lb must be none or haproxy on the local cloud (got 'octavia')", ErrorOf("lb: octavia"));
    }

    [Fact]
    public void Secret_is_read_from_its_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "postgresql://faafo:secret@db/faafo\n");

            Assert.Equal("postgresql://faafo:secret@db/faafo", Read($"cloud: c\ndatabase_url: {{file: {file}}}").DatabaseUrl);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Omitted_keys_keep_their_defaults()
    {
        var flock = Read("interval: 500ms\ngroups:\n  worker:\n    max: 9\n    policy:\n      boot_timeout: 1m\n");

        Assert.Equal(TimeSpan.FromMilliseconds(500), flock.Interval);
        Assert.Equal(new FlockSpec().Workers.Policy with { Max = 9, BootTimeout = TimeSpan.FromMinutes(1) }, flock.Workers.Policy);
        Assert.Equal(new FlockSpec().Apis, flock.Apis);
        Assert.Equal(new FlockSpec(), Read(""));
        Assert.Equal(new FlockSpec(), Read("groups:\n  worker:\n"));
    }

    [Theory]
    [InlineData("{}", 4)]
    [InlineData("{slots: 4}", 16)]
    [InlineData("{policy: {tasks_per_worker: 3}, slots: 4}", 3)]
    [InlineData("{policy: {tolerance: 0}, slots: 4}", 16)]
    public void Tasks_per_worker_default_to_four_per_slot(string worker, double expected)
    {
        Assert.Equal(expected, Read($"groups: {{worker: {worker}}}").Workers.Policy.TasksPerWorker);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cloud: mycloud")]
    [InlineData("lb: haproxy")]
    public void Workers_are_sized_by_the_number_of_tasks_by_default(string head)
    {
        var policy = Read(head).Workers.Policy;
        Assert.Equal((4.0, null, null), (policy.TasksPerWorker, policy.WorkTarget, policy.LoadTarget));

        policy = Read(head + "\ngroups: {worker: {policy: {work_target: 30s, load_target: 0.8}}}").Workers.Policy;
        Assert.Equal((4.0, TimeSpan.FromSeconds(30), 0.8), (policy.TasksPerWorker, policy.WorkTarget, policy.LoadTarget));
    }

    [Theory]
    [InlineData("intervall: 1s", "1:1: unknown key 'intervall' in the file; known keys: "
        + "cloud, interval, transport_url, database_url, image_store_url, groups, "
        + "name, id, image, flavor, key_pair, public_key_file, network, networks, external_network, bundle, lb")]
    [InlineData("interval: 1", "1:11: interval must be a time such as 250ms, 30s, 5m or 2h (got '1')")]
    [InlineData("interval: 1ms", "1:11: interval must be from 0.1s to 3600s (got '1ms')")]
    [InlineData("transport_url: [a]", "1:16: transport_url must be text (got a list)")]
    [InlineData("groups: 5", "1:9: groups must be keys with values (got a single value)")]
    [InlineData("- a", "1:1: the file must be keys with values (got a list)")]
    [InlineData("groups:\n  lb: {}", "2:3: unknown key 'lb' in groups; known keys: api, worker")]
    [InlineData("groups:\n  worker:\n    min: -1", "3:10: min must be a whole number from 0 to 10000 (got '-1')")]
    [InlineData("groups:\n  worker:\n    max: many", "3:10: max must be a whole number from 1 to 10000 (got 'many')")]
    [InlineData("groups:\n  worker:\n    slots: 0", "3:12: slots must be a whole number from 1 to 1024 (got '0')")]
    [InlineData("groups:\n  worker:\n    min: 5\n    max: 4", "3:5: worker: min must be at most max, which is 4 (got 5)")]
    [InlineData("groups:\n  api:\n    max: 2", "2:3: groups.api.max must be 1 on the local cloud without lb: haproxy (got 2)")]
    [InlineData("groups: {worker: {policy: {tolerance: 2}}}", "1:39: tolerance must be a number from 0 to 1 (got '2')")]
    [InlineData("groups: {worker: {policy: {tolerance: .nan}}}", "1:39: tolerance must be a number from 0 to 1 (got '.nan')")]
    [InlineData("groups: {worker: {policy: {max_step: 1.5}}}", "1:38: max_step must be a whole number from 1 to 10000 (got '1.5')")]
    [InlineData("groups: {worker: {policy: {cooldown: 1s}}}", "1:28: unknown key 'cooldown' in policy; known keys: "
        + "tasks_per_worker, work_target, load_target, tolerance, scale_in_window, max_step, boot_timeout")]
    public void Error_has_place_field_limit_and_value(string text, string message)
    {
        Assert.Equal("flock.yaml:" + message, ErrorOf(text));
    }

    [Theory]
    [InlineData("interval: 1s\ninterval: 2s")]
    [InlineData("groups:\n\tworker: {}")]
    [InlineData("groups: {worker: ")]
    public void Invalid_yaml_has_its_place(string text)
    {
        Assert.Matches(@"^flock\.yaml:\d+:\d+: \S", ErrorOf(text));
    }

    [Fact]
    public void Missing_file_is_a_usage_error()
    {
        var error = Assert.Throws<UsageException>(new FlockFile("/nowhere/missing.yaml").Read);

        Assert.Contains("missing.yaml", error.Message, StringComparison.Ordinal);
    }

    private static string Sample(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
        {
            folder = folder.Parent!;
        }
        return File.ReadAllText(Path.Combine(folder.FullName, "samples", name));
    }

    private static FlockSpec Read(string text) => new FlockFile("flock.yaml").Read(new StringReader(text));

    private static string ErrorOf(string text) => Assert.Throws<UsageException>(() => Read(text)).Message;
}
