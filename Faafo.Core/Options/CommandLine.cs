using System.CommandLine;
using System.Runtime.InteropServices;

namespace Faafo.Options;

/// <summary>Runs the commands of a program with the exit codes of all programs: 0 done, 1 failed, 2 usage.</summary>
public static class CommandLine
{
    /// <summary>The exit code of a command that succeeded.</summary>
    public const int Done = 0;

    /// <summary>The exit code of a command that failed.</summary>
    public const int Failed = 1;

    /// <summary>The exit code of an invalid command line.</summary>
    public const int Usage = 2;

    /// <summary>Parses and runs a command. An error becomes one line on stderr without a stack trace.</summary>
    public static async Task<int> RunAsync(Command root, string[] args)
    {
        using var stop = new CancellationTokenSource();
        try
        {
            var parsed = root.Parse(args);
            if (parsed.Errors.Count > 0)
            {
                foreach (var error in parsed.Errors)
                {
                    Console.Error.WriteLine(error.Message);
                }
                Console.Error.WriteLine($"Try '{root.Name} --help'.");
                return Usage;
            }
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);

            // The first signal cancels the command; the second one ends the process as the system would.
            void Stop(PosixSignalContext signal)
            {
                signal.Cancel = !stop.IsCancellationRequested;
                stop.Cancel();
            }
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return Usage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Failed;      // the user interrupted it
        }
        catch (Exception e) when (
            e is FailureException or FaafoApiException or Queueing.QueueUnavailableException or Images.ImageStoreException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("FAAFO_DEBUG") is null or "")
        {
            Console.Error.WriteLine($"{root.Name} failed with an unexpected error ({e.GetType().Name}: {e.Message}); "
                + "set FAAFO_DEBUG=1 in the environment for a stack trace");
            return Failed;
        }
    }
}
