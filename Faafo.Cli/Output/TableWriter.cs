namespace Faafo.Cli.Output;

/// <summary>Writes a table of <c>+---+</c> and <c>|</c>, row by row; the header is written with the first row or at the end.</summary>
internal sealed class TableWriter(TextWriter output, IReadOnlyList<Column> columns)
{
    private bool _hasHeader;

    /// <summary>Writes a whole table, as wide as its widest cells.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> headers, IReadOnlyCollection<string[]> rows)
    {
        var table = new TableWriter(output,
            [.. headers.Select((header, i) => new Column(header, rows.Select(row => row[i].Length).Append(header.Length).Max()))]);
        foreach (var row in rows)
        {
            table.Row(row);
        }
        table.End();
    }

    /// <summary>Writes a row with one cell for each column.</summary>
    public void Row(params IReadOnlyList<string> cells)
    {
        Begin();
        Line(cells);
    }

    /// <summary>Writes the line below the last row.</summary>
    public void End()
    {
        Begin();
        Rule();
    }

    private void Begin()
    {
        if (!_hasHeader)
        {
            _hasHeader = true;
            Rule();
            Line([.. columns.Select(column => column.Header)]);
            Rule();
        }
    }

    private void Rule()
    {
        foreach (var column in columns)
        {
            output.Write('+');
            output.Write(new string('-', column.Width + 2));
        }
        output.WriteLine('+');
    }

    private void Line(IReadOnlyList<string> cells)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            output.Write("| ");
            output.Write(Printable(cells[i]).PadRight(columns[i].Width));
            output.Write(' ');
        }
        output.WriteLine('|');
    }

    // A worker's error may contain line feeds and escape sequences, but each row must stay one line.
    private static string Printable(string cell) =>
        cell.Any(char.IsControl) ? string.Concat(cell.Select(c => char.IsControl(c) ? ' ' : c)) : cell;
}
