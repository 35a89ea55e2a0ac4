using System.Net.Http.Json;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests;

public sealed class FaafoJsonTests
{
    // The serializer changes to generated code after some calls; a null image once became an empty one there.
    [Fact]
    public async Task A_result_without_an_image_stays_without_one_however_often_it_is_written()
    {
        for (var i = 0; i < 50; i++)
        {
            using var content = JsonContent.Create(new FractalResult { Checksum = "c", Size = 1 }, FaafoJson.Default.FractalResult);
            Assert.DoesNotContain("image", await content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }
}
