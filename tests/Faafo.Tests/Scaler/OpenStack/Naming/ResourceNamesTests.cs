using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.Naming;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Naming;

public sealed class ResourceNamesTests
{
    [Theory]
    [InlineData("worker", 12, "app-worker-12")]
    [InlineData("api", 1, "app-api-1")]
    [InlineData("services", 1, "app-services")]
    [InlineData("lb", 1, "app-lb")]
    public void Instance_name_contains_its_number(string group, int number, string name)
    {
        Assert.Equal(name, InstanceName.Of(group, number));
        Assert.Equal(number, InstanceName.OrdinalOf(name));
    }

    [Fact]
    public void Tag_of_the_longest_flock_name_fits_the_limit_of_nova()
    {
        const int mostOfNova = 60;
        Assert.True(new ResourceNames(new string('a', 40)).Tag.Length <= mostOfNova);
    }
}
