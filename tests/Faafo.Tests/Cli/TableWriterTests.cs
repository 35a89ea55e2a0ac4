using Faafo.Cli.Output;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class TableWriterTests
{
    [Fact]
    public void Table_is_as_wide_as_its_widest_cells()
    {
        using var text = new StringWriter();
        TableWriter.Write(text, ["Parameter", "Value"], [["xa", "-1.5"], ["dimensions", "295 x 738 pixels"]]);

        Assert.Equal("""
            +------------+------------------+
            | Parameter  | Value            |
            +------------+------------------+
            | xa         | -1.5             |
            | dimensions | 295 x 738 pixels |
            +------------+------------------+

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Cell_wider_than_its_column_is_not_cut()
    {
        using var text = new StringWriter();
        var table = new TableWriter(text, [new("A", 3), new("B", 1)]);
        table.Row("abcde", "x");
        table.End();

        Assert.Equal("""
            +-----+---+
            | A   | B |
            +-----+---+
            | abcde | x |
            +-----+---+

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal()
    {
        using var text = new StringWriter();
        TableWriter.Write(text, ["A"], [["x\e[2J\ny"]]);

        Assert.Contains("| x [2J y |", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_without_rows_is_its_header()
    {
        using var text = new StringWriter();
        TableWriter.Write(text, ["A"], []);

        Assert.Equal("+---+\n| A |\n+---+\n+---+\n", text.ToString(), ignoreLineEndingDifferences: true);
    }
}
