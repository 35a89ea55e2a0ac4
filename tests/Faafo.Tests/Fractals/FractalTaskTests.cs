using System.Text;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Fractals;

public sealed class FractalTaskTests
{
    private const string Original = """
        {"uuid": "11111111-2222-4333-8444-555555555555", "checksum": null, "url": null, "duration": null, "size": null, "width": 300,
        "height": 260, "iterations": 200, "xa": -1.5, "xb": 2.25, "ya": -1.25, "yb": 1.1, "generated_by": null}
        """;

    private static readonly Guid Uuid = Guid.Parse("11111111-2222-4333-8444-555555555555");

    private static readonly FractalTask Example = new()
    {
        Uuid = Uuid,
        Width = 300,
        Height = 260,
        Iterations = 200,
        Xa = -1.5,
        Xb = 2.25,
        Ya = -1.25,
        Yb = 1.1,
        Cx = -0.7,
        Cy = 0.27015,
    };

    [Fact]
    public void Message_has_the_fields_of_the_original_followed_by_the_constant() => Assert.Equal(
        """
        {"uuid":"11111111-2222-4333-8444-555555555555","checksum":null,"url":null,"duration":null,"size":null,"width":300,"height":260,
        "iterations":200,"xa":-1.5,"xb":2.25,"ya":-1.25,"yb":1.1,"generated_by":null,"cx":-0.7,"cy":0.27015}
        """.ReplaceLineEndings(""),
        Encoding.UTF8.GetString(Example.ToUtf8()));

    [Fact]
    public void Message_is_read_back_as_written() => Assert.Equal(Example, FractalTask.Parse(Example.ToUtf8()));

    [Fact]
    public void Message_of_the_original_gets_the_same_constant_everywhere()
    {
        var task = FractalTask.Parse(Encoding.UTF8.GetBytes(Original));

        Assert.Equal(Example with { Cx = task.Cx, Cy = task.Cy }, task);
        // Must never change: a redelivered message would give another picture.
        Assert.Equal((ExpectedCx, ExpectedCy), (task.Cx, task.Cy));
        Assert.InRange(JuliaConstant.Steps(task.Cx!.Value, task.Cy!.Value), 11, 99);
    }

    private const double ExpectedCx = -0.16326266604627593;
    private const double ExpectedCy = 1.020976818758518;

    [Fact]
    public void Given_part_of_the_constant_is_kept() => Assert.Equal(0.125, (Example with { Cx = 0.125, Cy = null }).WithConstant().Cx);

    [Fact]
    public void Work_does_not_overflow() =>
        Assert.Equal(FractalLimits.MaxPixels * FractalLimits.MaxIterations,
            (Example with { Width = 16384, Height = 16384, Iterations = 65535 }).Work());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("42")]
    [InlineData("{}")]
    [InlineData("{\"uuid\": \"x\"}")]
    [InlineData("{\"uuid\": {}}")]
    [InlineData("\u0001\u0002")]
    public void Message_that_is_not_a_task_is_malformed(string body) =>
        Assert.Null(Assert.Throws<MalformedTaskException>(() => FractalTask.Parse(Encoding.UTF8.GetBytes(body))).Uuid);

    // Escapes stand for bytes: text is read as Latin-1.
    [Theory]
    [InlineData("""{"uuid":"\ud800aaaa-2222-4333-8444-555555555555"}""")]
    [InlineData("""{"uuid":"\udc00"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"checksum":"\ud83d"}""")]
    [InlineData("{\"uuid\":\"\xff\xfe\"}")]
    [InlineData("{\"url\":\"\xed\xa0\x80\"}")]
    [InlineData("\xef\xbb\xbf{}")]
    [InlineData("\0")]
    [InlineData("{\"uuid\":\"\0\"}")]
    [InlineData("{\"size\":1e999}")]
    [InlineData("{\"width\":1e999}")]
    public void Message_with_text_that_is_not_unicode_is_malformed(string body) =>
        Assert.Null(Assert.Throws<MalformedTaskException>(() => FractalTask.Parse(Encoding.Latin1.GetBytes(body))).Uuid);

    [Fact]
    public void Message_that_is_nested_too_deeply_is_malformed() => Assert.Throws<MalformedTaskException>(
        () => FractalTask.Parse(Encoding.UTF8.GetBytes($"{{\"checksum\":{new string('[', 100_000)}")));

    [Fact]
    public void Message_that_is_malformed_elsewhere_still_names_its_fractal()
    {
        var body = Original.Replace("\"url\": null", "\"url\": \"\\ud800\"", StringComparison.Ordinal);

        Assert.Equal(Uuid, Assert.Throws<MalformedTaskException>(() => FractalTask.Parse(Encoding.UTF8.GetBytes(body))).Uuid);
    }

    [Theory]
    [InlineData("300", "\"300\"")]
    [InlineData("300", "300.5")]
    [InlineData("300", "2147483648")]
    [InlineData("\"width\": 300,", "")]
    [InlineData("-1.25", "null")]
    public void Message_with_an_invalid_field_still_names_its_fractal(string good, string bad)
    {
        var body = Original.Replace(good, bad, StringComparison.Ordinal);

        Assert.Equal(Uuid, Assert.Throws<MalformedTaskException>(() => FractalTask.Parse(Encoding.UTF8.GetBytes(body))).Uuid);
    }

    [Fact]
    public void Message_out_of_the_limits_reports_every_field_value_and_limit()
    {
        var body = Original.Replace("300", "0", StringComparison.Ordinal).Replace("200", "-5", StringComparison.Ordinal);

        var malformed = Assert.Throws<MalformedTaskException>(() => FractalTask.Parse(Encoding.UTF8.GetBytes(body)));

        Assert.Equal("width must be a whole number from 1 to 16384 (got 0); iterations must be a whole number from 1 to 65535 (got -5)",
            malformed.Message);
        Assert.Equal(Uuid, malformed.Uuid);
    }
}
