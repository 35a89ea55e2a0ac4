namespace Faafo.Cli;

/// <summary>How data is written to stdout.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs, with the names of the wire.</summary>
    Json,
}
