using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

public sealed class JuliaKernelTests
{
    [Fact]
    public void Choose_without_a_name_returns_the_fastest_path() => Assert.Equal(JuliaKernel.Available[^1], JuliaKernel.Choose(null));

    [Fact]
    public void Choose_scalar_works_on_every_CPU() => Assert.Equal(KernelPath.Scalar, JuliaKernel.Choose("scalar"));

    [Fact]
    public void Choose_of_an_unknown_name_lists_the_paths()
    {
        var exception = Assert.Throws<PlatformNotSupportedException>(() => JuliaKernel.Choose("neon"));
        Assert.Contains("scalar, avx2 or avx512", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_of_an_unsupported_path_throws()
    {
        Assert.SkipWhen(JuliaKernel.Available.Contains(KernelPath.Avx512), "this CPU has all paths");
        var exception = Assert.Throws<PlatformNotSupportedException>(() => JuliaKernel.Choose("avx512"));
        Assert.Contains("this CPU does not support", exception.Message, StringComparison.Ordinal);
    }
}
