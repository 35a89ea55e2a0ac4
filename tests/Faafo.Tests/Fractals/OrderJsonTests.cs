using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Fractals;

public sealed class OrderJsonTests
{
    private static readonly string[] Required = ["height", "iterations", "uuid", "width", "xa", "xb", "ya", "yb"];

    [Fact]
    public void An_order_is_written_as_generated_code_writes_it()
    {
        var random = new Random(20261126);
        for (var i = 0; i < 200; i++)
        {
            var order = new NewFractal(Uuid(random), random.Next(1, 10_000), random.Next(1, 10_000), random.Next(1, 65_536),
                Real(random), Real(random), Real(random), Real(random))
            {
                Cx = Maybe(random, Real),
                Cy = Maybe(random, Real),
            };

            Assert.Equal(JsonSerializer.Serialize(order, FaafoJson.Default.NewFractal), Encoding.UTF8.GetString(OrderJson.Write(order)));
        }
    }

    [Fact]
    public void An_answer_is_read_as_generated_code_reads_it()
    {
        var random = new Random(20261126);
        for (var i = 0; i < 200; i++)
        {
            var fractal = new Fractal
            {
                Checksum = random.Next(2) == 0 ? null : "e3b0c4",
                Duration = Maybe(random, Real),
                GeneratedBy = random.Next(2) == 0 ? null : "worker \"1\" \u00e9\n",
                Height = random.Next(1, 10_000),
                Iterations = random.Next(1, 65_536),
                Size = Maybe(random, r => r.NextInt64()),
                Url = random.Next(2) == 0 ? null : "/fractal/1",
                Uuid = Uuid(random),
                Width = random.Next(1, 10_000),
                Xa = Real(random),
                Xb = Real(random),
                Ya = Real(random),
                Yb = Real(random),
                Cx = Maybe(random, Real),
                Cy = Maybe(random, Real),
                Status = Maybe(random, r => Enum.GetValues<FractalStatus>()[r.Next(4)]),
                Error = random.Next(2) == 0 ? null : "no room",
                CreatedAt = Maybe(random, r => DateTimeOffset.UnixEpoch.AddTicks(r.NextInt64(1L << 54))),
                FinishedAt = Maybe(random, r => DateTimeOffset.UnixEpoch.AddTicks(r.NextInt64(1L << 54))),
            };
            var json = JsonSerializer.SerializeToUtf8Bytes(fractal, FaafoJson.Default.Fractal);

            Assert.Equal(fractal, OrderJson.Read(json));
            Assert.Equal(fractal, JsonSerializer.Deserialize(json, FaafoJson.Default.Fractal));
        }
    }

    [Fact]
    public void What_a_later_API_adds_is_passed_over()
    {
        var json = Whole();
        json.Insert(0, "later", new JsonObject { ["uuid"] = "no", ["more"] = new JsonArray(1, 2) });

        Assert.Equal(7, OrderJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString())).Width);
    }

    public static TheoryData<string> Broken() => new(
    [
        "", "<html>", "null", "[]", "\"text\"", "{}", Whole().ToJsonString()[..^1],
        .. Required.Select(name => With(name, null)),
        .. Required.Select(name => With(name, "text")),
        .. ((string[])["cx", "duration", "size", "created_at"]).Select(name => With(name, "text")),
        With("status", "lost"), With("error", 1), With("width", 1.5), With("height", 1L << 40),
    ]);

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_no_fractal_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => OrderJson.Read(Encoding.UTF8.GetBytes(json)));

    private static string With(string name, JsonNode? value)
    {
        var json = Whole();
        json[name] = value;
        return json.ToJsonString();
    }

    private static JsonObject Whole() => new()
    {
        ["height"] = 5,
        ["iterations"] = 6,
        ["uuid"] = "3b1bbd6c-2f3a-4c1d-8c1c-0a2a35c2bd1e",
        ["width"] = 7,
        ["xa"] = -1,
        ["xb"] = 1,
        ["ya"] = -1,
        ["yb"] = 1,
    };

    private static T? Maybe<T>(Random random, Func<Random, T> draw) where T : struct => random.Next(2) == 0 ? null : draw(random);

    // Of all sizes, whole ones and those with an exponent among them.
    private static double Real(Random random) => random.Next(4) switch
    {
        0 => random.Next(-1000, 1000),
        1 => (random.NextDouble() - 0.5) * 1e-9,
        2 => (random.NextDouble() - 0.5) * 1e21,
        _ => random.NextDouble(),
    };

    private static Guid Uuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
