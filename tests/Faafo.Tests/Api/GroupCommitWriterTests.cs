using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Fractals;
using Faafo.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Faafo.Tests.Api;

/// <summary>Requests that share a transaction do not affect each other.</summary>
public sealed class GroupCommitWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-writer-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Picture_and_failure_of_one_fractal_in_one_transaction_make_it_done(bool failureFirst)
    {
        await using var database = FaafoDatabase.Open($"sqlite:{Path.Combine(_folder, "faafo.db")}");
        await database.MigrateAsync(Token);
        var fractals = FractalStore.Of(database);
        var task = SampleTasks.Create();
        await fractals.InsertAsync([task], DateTimeOffset.UnixEpoch, Token);
        // Outcomes need neither options nor queue.
        using var writer = new GroupCommitWriter(
            null!, fractals, null!, null!, TimeProvider.System, NullLogger<GroupCommitWriter>.Instance);
        var failed = new Outcome(task.Uuid, null, null, null, "w1", "given up");
        var done = new Outcome(task.Uuid, new string('a', 64), 7, 0.5, "w2", null);

        // Both wait until the writer starts, and share its first transaction.
        var first = writer.FinishAsync(failureFirst ? failed : done, Token);
        var second = writer.FinishAsync(failureFirst ? done : failed, Token);
        await writer.StartAsync(Token);
        var rows = await Task.WhenAll(first, second);
        await writer.StopAsync(Token);

        var row = Assert.Single(await fractals.FindAsync([task.Uuid], Token));
        Assert.Equal((FractalStatus.Done, done.Checksum, "w2"), (row.Status, row.Checksum, row.GeneratedBy));
        // The request whose outcome was recorded gets the row; the other one has to look it up.
        Assert.Equal(failureFirst ? [null, row] : [row, null], rows);
    }
}
