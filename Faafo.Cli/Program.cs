using Faafo.Cli;
using Faafo.Cli.Output;
using Faafo.Options;

var running = CommandLine.RunAsync(FaafoCommand.Build(Terminal.OfThisProcess(), args), args);
if (!running.IsCompleted)
{
    // An awaited task spins before it sleeps, which costs a command more CPU time than its request.
    ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
}
return await running;
