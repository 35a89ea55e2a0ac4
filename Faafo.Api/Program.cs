using Faafo.Api;
using Faafo.Options;

return await CommandLine.RunAsync(ApiCommand.Build(), args);
