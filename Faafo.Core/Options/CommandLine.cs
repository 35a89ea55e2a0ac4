using System.CommandLine;
using System.Runtime.InteropServices;

namespace Faafo.Options;

/// <summary>Runs a program's commands with the exit codes that hold everywhere: 0 done, 1 failed, 2 usage.</summary>
public static class CommandLine
{
    /// <summary>Exit code of a command that did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>Exit code of a command that failed.</summary>
    public const int Failed = 1;

    /// <summary>Exit code of a command line that makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Parses, runs, and turns what went wrong into one line on stderr; no user sees a stack trace.</summary>
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

            // The first signal asks the command to end in order; the second one ends the process as the system would.
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
            return Failed;      // the user knows why
        }
        catch (Exception e) when (e is FailureException or FaafoApiException or Queueing.QueueUnavailableException or Images.ImageStoreException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("FAAFO_DEBUG") is null or "")
        {
            Console.Error.WriteLine($"{root.Name} met an error that it does not know ({e.GetType().Name}: {e.Message}); "
                + "with FAAFO_DEBUG=1 in the environment it says where");
            return Failed;
        }
    }
}
