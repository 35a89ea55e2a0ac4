using System.Text.Json;
using Dapper;
using Faafo.Fractals;
using Faafo.Queueing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;

namespace Faafo.Benchmarks.Services;

/// <summary>
/// The baseline: a straightforward implementation of the same calls. A POST is one INSERT, then one persistent message with its confirm; a
/// list counts its rows; an image is a column of its row. Stack and durability are the same as Faafo's.
/// </summary>
internal static class PlainService
{
    private const int Channels = 16;

    /// <summary>Serves until the process is stopped.</summary>
    public static async Task RunAsync(string url, string database, string transportUrl)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add(url);

        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { MaxPoolSize = 64 });
        await using (var connection = await source.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("""
                create table fractals (uuid uuid primary key, width integer not null, height integer not null, iterations integer not null,
                    xa double precision not null, xb double precision not null, ya double precision not null, yb double precision not null,
                    cx double precision, cy double precision, checksum text, size bigint, image bytea)
                """);
        }
        var free = System.Threading.Channels.Channel.CreateUnbounded<IChannel>();
        await using var broker = await new ConnectionFactory { Uri = new Uri(transportUrl) }.CreateConnectionAsync();
        for (var i = 0; i < Channels; i++)
        {
            var options = new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null);
            await free.Writer.WriteAsync(await broker.CreateChannelAsync(options));
        }
        var declaring = await free.Reader.ReadAsync();
        await declaring.ExchangeDeclareAsync(TaskQueue.Exchange, ExchangeType.Direct, durable: true);
        await declaring.QueueDeclareAsync(TaskQueue.Name, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await declaring.QueueBindAsync(TaskQueue.Name, TaskQueue.Exchange, TaskQueue.Name);
        await free.Writer.WriteAsync(declaring);

        app.MapGet("/readyz", () => "ok");
        app.MapPost("/v1/fractal", async (HttpRequest request) =>
        {
            var task = (await JsonSerializer.DeserializeAsync(request.Body, FaafoJson.Default.NewFractal))!;
            await using (var connection = await source.OpenConnectionAsync())
            {
                await connection.ExecuteAsync("""
                    insert into fractals (uuid, width, height, iterations, xa, xb, ya, yb, cx, cy)
                    values (@Uuid, @Width, @Height, @Iterations, @Xa, @Xb, @Ya, @Yb, @Cx, @Cy)
                    """, task);
            }
            var channel = await free.Reader.ReadAsync();
            await channel.BasicPublishAsync(TaskQueue.Exchange, TaskQueue.Name, mandatory: true,
                new BasicProperties { DeliveryMode = DeliveryModes.Persistent },
                JsonSerializer.SerializeToUtf8Bytes(task, FaafoJson.Default.NewFractal));
            await free.Writer.WriteAsync(channel);
            return Results.Json(task, FaafoJson.Default.NewFractal, statusCode: 201);
        });
        app.MapGet("/v1/fractal", async (int page, int results_per_page) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            var count = await connection.ExecuteScalarAsync<long>("select count(*) from fractals");
            var rows = (await connection.QueryAsync<Fractal>("""
                select uuid, width, height, iterations, xa, xb, ya, yb, cx, cy, checksum, size from fractals
                order by uuid limit @results_per_page offset @skip
                """, new { results_per_page, skip = (page - 1) * results_per_page })).AsList();
            return Results.Json(new FractalPage(count, rows, page, (int)(count / results_per_page)), FaafoJson.Default.FractalPage);
        });
        app.MapGet("/fractal/{uuid}", async (Guid uuid) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            var image = await connection.ExecuteScalarAsync<byte[]>("select image from fractals where uuid = @uuid", new { uuid });
            return Results.Bytes(image ?? [], "image/png");
        });
        await app.RunAsync();
    }
}
