namespace Faafo.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">Its name.</param>
/// <param name="Width">Characters that it has room for; a longer cell is written whole and pushes the rest of its row aside.</param>
internal readonly record struct Column(string Header, int Width);
