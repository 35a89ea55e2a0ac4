namespace Faafo.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">The header.</param>
/// <param name="Width">The width in characters; a longer cell is written whole and shifts the rest of its row.</param>
internal readonly record struct Column(string Header, int Width);
