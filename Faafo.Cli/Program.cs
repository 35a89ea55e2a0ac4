using Faafo.Cli;
using Faafo.Options;

return await CommandLine.RunAsync(FaafoCommand.Build(Terminal.OfThisProcess()), args);
