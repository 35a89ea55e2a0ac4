using Microsoft.AspNetCore.Http;

namespace Faafo.TestKit.OpenStack;

/// <summary>A request that <see cref="FakeOpenStack"/> served.</summary>
public sealed record SeenRequest(string Method, string Path, string Query, string? Token, string? Body, IHeaderDictionary Headers);
