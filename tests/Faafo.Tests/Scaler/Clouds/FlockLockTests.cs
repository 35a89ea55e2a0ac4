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
            Assert.Equal(Environment.ProcessId, FlockLock.Holder(_folder));
            Assert.Equal($"a scaler (process {Environment.ProcessId}) runs the flock in {_folder} already: stop it, or choose another --state-dir",
                Assert.Throws<FailureException>(() => FlockLock.Take(_folder)).Message);
        }
        Assert.Null(FlockLock.Holder(_folder));
        FlockLock.Take(_folder).Dispose();
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
