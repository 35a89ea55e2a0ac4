using Faafo.Options;
using Faafo.Scaler.Local;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

public sealed class StateDirectoryLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-lock-").FullName;

    [Fact]
    public void A_second_scaler_names_the_first()
    {
        using (StateDirectoryLock.Take(_folder))
        {
            Assert.Equal(ProcessIdentity.Own, StateDirectoryLock.Holder(_folder));
            Assert.Equal($"a scaler (process {Environment.ProcessId} on {Environment.MachineName}) runs the flock in {_folder} already: "
                + "stop it, or choose another --state-dir",
                Assert.Throws<FailureException>(() => StateDirectoryLock.Take(_folder)).Message);
        }
        Assert.Null(StateDirectoryLock.Holder(_folder));
        StateDirectoryLock.Take(_folder).Dispose();
    }

    [Fact]
    public void A_lock_is_held_also_while_its_holder_has_no_pid_file()
    {
        using var held = StateDirectoryLock.Take(_folder);
        File.Delete(Path.Combine(_folder, "flock.pid"));

        Assert.Null(StateDirectoryLock.TryTake(_folder));
        Assert.Null(StateDirectoryLock.Holder(_folder));
        Assert.Equal($"a scaler is starting or stopping in {_folder}: try again, or choose another --state-dir",
            Assert.Throws<FailureException>(() => StateDirectoryLock.Take(_folder)).Message);
    }

    [Fact]
    public void The_pid_file_of_a_killed_holder_does_not_block_the_lock()
    {
        File.WriteAllText(Path.Combine(_folder, "flock.pid"), "4194304");

        using var taken = StateDirectoryLock.TryTake(_folder);

        Assert.NotNull(taken);
        Assert.Equal(ProcessIdentity.Own, StateDirectoryLock.Holder(_folder));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Assert.StartsWith($"the state directory {file}/state cannot be written: ",
            Assert.Throws<FailureException>(() => StateDirectoryLock.Take(Path.Combine(file, "state"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_directory_does_not_hide_why_a_scaler_ended()
    {
        var state = Path.Combine(_folder, "state");
        var taken = StateDirectoryLock.Take(state);
        Directory.Delete(state, recursive: true);

        taken.Dispose();

        StateDirectoryLock.Take(state).Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
