using Faafo.Options;
using Faafo.Scaler;
using Xunit;

namespace Faafo.Tests.Scaler;

public sealed class FlockFileTests
{
    [Fact]
    public void The_sample_shows_every_key_with_its_default()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
        {
            folder = folder.Parent!;
        }
        var text = File.ReadAllText(Path.Combine(folder.FullName, "samples", "flock.yaml"));
        var flock = Read(text);

        var byDefault = new Flock();
        Assert.Equal(byDefault with { Workers = byDefault.Workers with { Policy = byDefault.Workers.Policy with { Max = 4 } } }, flock);
        foreach (var known in (string[])["nothing: 1", "groups: {nothing: 1}", "groups: {worker: {nothing: 1}}", "groups: {worker: {policy: {nothing: 1}}}"])
        {
            var keys = Refused(known).Split("it has: ")[1].Split(", ");
            Assert.All(keys, key => Assert.Contains(key + ":", text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_left_out_keeps_its_default()
    {
        var flock = Read("interval: 500ms\ngroups:\n  worker:\n    max: 9\n    policy:\n      boot_timeout: 1m\n");

        Assert.Equal(TimeSpan.FromMilliseconds(500), flock.Interval);
        Assert.Equal(new Flock().Workers.Policy with { Max = 9, BootTimeout = TimeSpan.FromMinutes(1) }, flock.Workers.Policy);
        Assert.Equal(new Flock().Apis, flock.Apis);
        Assert.Equal(new Flock(), Read(""));
        Assert.Equal(new Flock(), Read("groups:\n  worker:\n"));
    }

    [Theory]
    [InlineData("{slots: 4}", 20)]
    [InlineData("{policy: {tasks_per_worker: 3}, slots: 4}", 3)]
    [InlineData("{policy: {tolerance: 0}, slots: 4}", 20)]
    public void Tasks_per_worker_are_five_for_each_slot_unless_given(string worker, double expected)
    {
        Assert.Equal(expected, Read($"groups: {{worker: {worker}}}").Workers.Policy.TasksPerWorker);
    }

    [Theory]
    [InlineData("intervall: 1s", "1:1: the file has no key 'intervall'; it has: cloud, interval, transport_url, database_url, image_store_url, groups")]
    [InlineData("interval: 1", "1:11: interval must be a time such as 250ms, 30s, 5m or 2h, not '1'")]
    [InlineData("interval: 1ms", "1:11: interval must be from 0.1s to 3600s, not '1ms'")]
    [InlineData("cloud: mars", "1:8: cloud must be local, not 'mars': other clouds come with the OpenStack client")]
    [InlineData("transport_url: [a]", "1:16: transport_url must be text, not a list")]
    [InlineData("groups: 5", "1:9: groups must be keys with values, not a single value")]
    [InlineData("- a", "1:1: the file must be keys with values, not a list")]
    [InlineData("groups:\n  lb: {}", "2:3: groups has no key 'lb'; it has: api, worker")]
    [InlineData("groups:\n  worker:\n    min: -1", "3:10: min must be a whole number from 0 to 10000, not '-1'")]
    [InlineData("groups:\n  worker:\n    max: many", "3:10: max must be a whole number from 1 to 10000, not 'many'")]
    [InlineData("groups:\n  worker:\n    slots: 0", "3:12: slots must be a whole number from 1 to 1024, not '0'")]
    [InlineData("groups:\n  worker:\n    min: 5\n    max: 4", "3:5: worker: min must be at most max (4), not 5")]
    [InlineData("groups:\n  api:\n    max: 2", "2:3: groups.api.max must be 1 on the local cloud, not 2")]
    [InlineData("groups: {worker: {policy: {tolerance: 2}}}", "1:39: tolerance must be a number from 0 to 1, not '2'")]
    [InlineData("groups: {worker: {policy: {tolerance: .nan}}}", "1:39: tolerance must be a number from 0 to 1, not '.nan'")]
    [InlineData("groups: {worker: {policy: {max_step: 1.5}}}", "1:38: max_step must be a whole number from 1 to 10000, not '1.5'")]
    [InlineData("groups: {worker: {policy: {cooldown: 1s}}}", "1:28: policy has no key 'cooldown'; it has: tasks_per_worker, work_target, "
        + "load_target, tolerance, scale_in_window, max_step, boot_timeout")]
    public void A_mistake_is_named_with_its_place_field_and_limit(string text, string message)
    {
        Assert.Equal("flock.yaml:" + message, Refused(text));
    }

    [Theory]
    [InlineData("interval: 1s\ninterval: 2s")]
    [InlineData("groups:\n\tworker: {}")]
    [InlineData("groups: {worker: ")]
    public void What_is_no_YAML_is_named_with_its_place(string text)
    {
        Assert.Matches(@"^flock\.yaml:\d+:\d+: \S", Refused(text));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake_of_the_command_line()
    {
        Assert.Contains("missing.yaml", Assert.Throws<UsageException>(new FlockFile("/nowhere/missing.yaml").Read).Message, StringComparison.Ordinal);
    }

    private static Flock Read(string text) => new FlockFile("flock.yaml").Read(new StringReader(text));

    private static string Refused(string text) => Assert.Throws<UsageException>(() => Read(text)).Message;
}
