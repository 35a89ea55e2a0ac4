using System.CommandLine;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Provision;

namespace Faafo.Scaler.Commands;

/// <summary><c>bundle</c>: builds the programs that instances on a cloud run.</summary>
internal static class BundleCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build()
    {
        var output = ProgramOption.Text("--output", "The file", () => Bundle.DefaultFile);
        var command = new Command("bundle", "Build the programs that instances on a cloud run, as one file with its checksum") { output };
        command.SetAction(async (parsed, stop) =>
        {
            var file = parsed.GetValue(output)!;
            var checksum = await Bundle.BuildAsync(file, Console.Error.WriteLine, stop);
            Console.WriteLine($"{checksum}  {file}");
            return CommandLine.Done;
        });
        return command;
    }
}
