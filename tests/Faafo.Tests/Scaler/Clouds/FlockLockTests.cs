using Faafo.Options;
using Faafo.Scaler.Clouds;
using Xunit;

namespace Faafo.Tests.Scaler.Clouds;

public sealed class FlockLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-lock-").FullName;

    [Fact]
    public void A_second_flock_is_told_who_has_the_first()
    {
        using (FlockLock.Take(_folder))
        {
            Assert.Equal(ProcessIdentity.Own, FlockLock.Holder(_folder));
            Assert.Equal($"a scaler (process {Environment.ProcessId} on {Environment.MachineName}) runs the flock in {_folder} already: stop it, or choose another --state-dir",
                Assert.Throws<FailureException>(() => FlockLock.Take(_folder)).Message);
        }
        Assert.Null(FlockLock.Holder(_folder));
        FlockLock.Take(_folder).Dispose();
    }

    [Fact]
    public void A_lock_is_taken_also_while_its_holder_has_no_pid_yet_or_no_longer()
    {
        using var held = FlockLock.Take(_folder);
        File.Delete(Path.Combine(_folder, "flock.pid"));

        Assert.Null(FlockLock.TryTake(_folder));
        Assert.Null(FlockLock.Holder(_folder));
        Assert.Equal($"a scaler starts or ends in {_folder} at this moment: try again, or choose another --state-dir",
            Assert.Throws<FailureException>(() => FlockLock.Take(_folder)).Message);
    }

    [Fact]
    public void The_pid_of_a_killed_holder_keeps_nobody_out()
    {
        File.WriteAllText(Path.Combine(_folder, "flock.pid"), "4194304");

        using var taken = FlockLock.TryTake(_folder);

        Assert.NotNull(taken);
        Assert.Equal(ProcessIdentity.Own, FlockLock.Holder(_folder));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Assert.StartsWith($"the state directory {file}/state cannot be written: ",
            Assert.Throws<FailureException>(() => FlockLock.Take(Path.Combine(file, "state"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
