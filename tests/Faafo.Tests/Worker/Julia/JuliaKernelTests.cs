using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

public sealed class JuliaKernelTests
{
    [Fact]
    public void Choose_without_a_wish_takes_the_best_path() => Assert.Equal(JuliaKernel.Available[^1], JuliaKernel.Choose(null));

    [Fact]
    public void Choose_scalar_is_possible_everywhere() => Assert.Equal(KernelPath.Scalar, JuliaKernel.Choose("scalar"));

    [Fact]
    public void Choose_of_an_unknown_name_says_what_there_is()
    {
        var exception = Assert.Throws<PlatformNotSupportedException>(() => JuliaKernel.Choose("neon"));
        Assert.Contains("scalar, avx2 or avx512", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_of_a_path_the_CPU_lacks_says_so()
    {
        Assert.SkipWhen(JuliaKernel.Available.Contains(KernelPath.Avx512), "this CPU has all paths");
        var exception = Assert.Throws<PlatformNotSupportedException>(() => JuliaKernel.Choose("avx512"));
        Assert.Contains("this CPU lacks", exception.Message, StringComparison.Ordinal);
    }
}
