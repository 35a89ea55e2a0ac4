namespace Faafo.Fractals;

/// <summary>One page of a list, ordered by uuid.</summary>
/// <param name="NumResults">Rows on all pages.</param>
/// <param name="Objects">The rows of this page.</param>
/// <param name="Page">This page's number, from 1.</param>
/// <param name="TotalPages">Pages of this size.</param>
public sealed record FractalPage(long NumResults, IReadOnlyList<Fractal> Objects, int Page, int TotalPages);
