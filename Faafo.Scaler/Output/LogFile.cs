using System.Globalization;
using System.Text;

namespace Faafo.Scaler.Output;

/// <summary>
/// A log file of limited size: when it is full it becomes <c>NAME.1</c>, the earlier one <c>NAME.2</c>, and the oldest is deleted. Every
/// line opens the file, so that commands can share it and a removed directory is created again. It never throws: a full disk costs lines,
/// not the program.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="limit">The size in bytes at which it is replaced.</param>
internal sealed class LogFile(string path, long limit)
{
    /// <summary>The default size at which the file is replaced.</summary>
    public const long DefaultLimit = 10 << 20;

    private const int Earlier = 3;

    private int _missing;
    private string? _reason;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Appends a line, after a line that counts those that could not be written before.</summary>
    /// <returns>The reason why it is the first line that could not be written; otherwise null.</returns>
    public string? Append(string line)
    {
        var gap = _missing > 0 ? string.Create(CultureInfo.InvariantCulture, $"({_missing} lines are missing here: {_reason})\n") : "";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            var text = $"{gap}{line}\n";
            if (new FileInfo(path) is { Exists: true } file && file.Length + Encoding.UTF8.GetByteCount(text) > limit)
            {
                Rotate();
            }
            File.AppendAllText(path, text);
            _missing = 0;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _reason = e.Message;
            return _missing++ == 0 ? e.Message : null;
        }
    }

    private void Rotate()
    {
        for (var number = Earlier; number > 0; number--)
        {
            var from = number == 1 ? path : Numbered(number - 1);
            if (File.Exists(from))
            {
                File.Move(from, Numbered(number), overwrite: true);
            }
        }
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.{number}");
}
