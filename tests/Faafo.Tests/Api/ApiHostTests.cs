using Faafo.Api.Http;
using Xunit;

namespace Faafo.Tests.Api;

public sealed class ApiHostTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("http://[::1]:8080", false)]
    [InlineData("http://[::]:80", true)]        // how Kestrel reports http://*:80
    [InlineData("http://0.0.0.0:80", true)]
    [InlineData("http://10.0.0.5:80", true)]
    [InlineData("http://*:80", true)]
    public void Address_that_other_hosts_can_reach_is_recognized(string address, bool beyond) =>
        Assert.Equal(beyond, Listening.IsBeyondLoopback(address));
}
