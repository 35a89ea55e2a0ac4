namespace Faafo.Cli;

/// <summary>The format of data on stdout.</summary>
internal enum OutputFormat
{
    /// <summary>Tables, for people.</summary>
    Table,

    /// <summary>JSON with the field names of the API, for programs.</summary>
    Json,
}
