using Faafo.Scaler.Output;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faafo.Tests.Scaler.Output;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, "information warning")]
    [InlineData("Warning", "warning")]
    [InlineData("Debug", "debug information warning")]
    public void Level_is_that_of_the_configuration(string? level, string expected)
    {
        using var log = new RunLog(_folder, TextWriter.Null, TimeProvider.System);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = level }).Build();
        using var loggers = log.CreateLoggers(configuration);
        var logger = loggers.CreateLogger("Faafo.Scaler.Control.ControlLoop");

#pragma warning disable CA1848, CA2254 // These messages are not of the product.
        logger.LogDebug("debug");
        logger.LogInformation("information");
        logger.LogWarning("warning");
#pragma warning restore CA1848, CA2254

        Assert.Equal(expected, string.Join(' ', log.Last.Select(line => line.Split(' ')[1])));
    }
}
