using Faafo.Cli;
using Faafo.Cli.Output;
using Faafo.Options;

var running = CommandLine.RunAsync(FaafoCommand.Build(Terminal.OfThisProcess(), args), args);
if (!running.IsCompleted)
{
    // The wait of a task spins before it sleeps, and that costs a command more than its request.
    ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
}
return await running;
