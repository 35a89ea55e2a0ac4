using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Faafo.Worker.Julia;
using Xunit;

namespace Faafo.Tests.Worker.Julia;

/// <summary>
/// Compares with pictures that golden/make_golden.py drew with the Python loop of the original Faafo (openstack-archive/faafo).
/// </summary>
public sealed class GoldenPicturesTests
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNameCaseInsensitive = true };

    public static IEnumerable<TheoryDataRow<string>> Paths =>
        Enum.GetValues<KernelPath>().Select(path => new TheoryDataRow<string>(path.ToString()));

    [Theory]
    [MemberData(nameof(Paths))]
    public void Pixels_equal_those_of_the_Python_loop(string name)
    {
        var path = TestPictures.PathOrSkip(name);
        foreach (var golden in Read())
        {
            var picture = new JuliaPicture(
                golden.Width, golden.Height, golden.Iterations, golden.Xa, golden.Xb, golden.Ya, golden.Yb, golden.Cx, golden.Cy);
            var rgb = TestPictures.Draw(path, picture).SelectMany(index => JuliaPalette.Rgb.Slice(index * 3, 3).ToArray()).ToArray();
            Assert.Equal(golden.Sha256, Convert.ToHexStringLower(SHA256.HashData(rgb)));
        }
    }

    private static List<Golden> Read([CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "golden", "golden.json");
        return JsonSerializer.Deserialize<List<Golden>>(File.ReadAllText(path), SnakeCase)!;
    }

    private sealed record Golden(
        int Width, int Height, int Iterations, double Xa, double Xb, double Ya, double Yb, double Cx, double Cy, string Sha256);
}
