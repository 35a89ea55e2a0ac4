using System.Globalization;

namespace Faafo.Cli.Output;

/// <summary>A progress bar on a terminal; a line for each tenth elsewhere.</summary>
internal sealed class ProgressBar(Terminal terminal, int total)
{
    private const int Width = 40;
    private int _tenths = -1;

    /// <summary>Shows the progress.</summary>
    public void Show(int finished, int failed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{finished} of {total} finished, {failed} failed");
        if (terminal.ErrorIsTerminal)
        {
            var filled = (int)((long)Width * finished / total);
            terminal.Error.Write($"\r[{new string('#', filled)}{new string('.', Width - filled)}] {text}");
            terminal.Error.Write(finished == total ? "\n" : "");
            return;
        }
        var tenths = (int)(10L * finished / total);
        if (tenths != _tenths)
        {
            _tenths = tenths;
            terminal.Error.WriteLine(text);
        }
    }
}
