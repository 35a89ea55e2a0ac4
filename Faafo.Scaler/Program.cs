using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler.Commands;

var shared = new SharedOptions();
var root = new RootCommand("Starts a flock of Faafo and scales it: one API and as many workers as its queue needs.")
{
    UpCommand.Build(shared),
    RunCommand.Build(shared),
    DownCommand.Build(shared),
    PlanCommand.Build(shared),
    BundleCommand.Build(),
    StatusCommand.Build(shared),
    NodesCommand.Build(shared),
    ScaleCommand.Build(shared),
    DrainCommand.Build(shared),
    RollCommand.Build(shared),
    PauseCommand.Build(shared),
    ResumeCommand.Build(shared),
    DiagnoseCommand.Build(shared),
};
shared.AddTo(root);
return await CommandLine.RunAsync(root, args);
