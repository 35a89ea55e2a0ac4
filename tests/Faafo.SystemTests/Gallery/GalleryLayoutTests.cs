using System.Globalization;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Xunit;

namespace Faafo.SystemTests.Gallery;

/// <summary>The layout of the gallery in a browser, with pictures of all shapes, drawn by a worker.</summary>
public sealed class GalleryLayoutTests(TestServers servers) : FlockTest(servers)
{
    private static readonly (int Width, int Height)[] Shapes = [(640, 480), (300, 900), (1000, 250), (512, 512), (700, 520)];

    // For each figure: the box of the picture, the area that the picture covers, and the box of the text below.
    private const string Layout = """
        [...document.querySelectorAll('figure')].map(figure => {
            const image = figure.querySelector('img'), box = image.getBoundingClientRect();
            const text = figure.querySelector('figcaption').getBoundingClientRect();
            const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
            return { left: box.left, top: box.top, width: box.width, height: box.height,
                shown: scale * scale * image.naturalWidth * image.naturalHeight,
                textTop: text.top, textHeight: text.height, bottom: figure.getBoundingClientRect().bottom };
        })
        """;

    [Fact]
    public async Task Pictures_are_fully_visible_at_every_window_width()
    {
        await DrawAsync();
        await using var browser = await Browser.StartAsync();

        foreach (var (width, columns) in ((int, int[])[])[(390, [1, 1, 1, 1, 1]), (720, [2, 2, 1]), (760, [2, 2, 1]), (1280, [2, 3])])
        {
            await browser.OpenAsync(new Uri(Flock.Endpoint, $"?width={width}"), width);
            await SaveScreenshotAsync(browser, width);
            var figures = (await browser.EvaluateAsync(Layout)).Deserialize<Figure[]>(JsonSerializerOptions.Web)!;

            Assert.Equal(Shapes.Length, figures.Length);
            Assert.Equal(columns, figures.GroupBy(figure => figure.Top).Select(row => row.Count()));
            Assert.All(figures, figure =>
            {
                var context = string.Create(CultureInfo.InvariantCulture, $"at {width} px: {figure}");
                Assert.True(figure.Left >= 0 && figure.Left + figure.Width <= width, context);
                Assert.True(figure.Width >= Math.Min(width * 0.85, 200), context);
                Assert.True(figure.Height >= 80, context);
                Assert.True(figure.Shown >= 0.24 * figure.Width * figure.Height, context);
                Assert.True(figure.TextTop >= figure.Top + figure.Height - 1 && figure.TextHeight >= 60, context);
                Assert.True(figure.Bottom >= figure.TextTop + figure.TextHeight, context);
            });
            foreach (var (above, below) in figures.Zip(figures.Skip(1)).Where(pair => pair.Second.Top > pair.First.Top))
            {
                Assert.True(below.Top >= above.Bottom, $"at {width} px: {below} overlaps {above}");
            }
            Assert.Equal(width, (await browser.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32());
        }
    }

    private async Task DrawAsync()
    {
        await Flock.StartApiAsync();
        await Flock.StartWorkerAsync("worker-1", slots: 2);
        foreach (var (width, height) in Shapes)
        {
            var task = new NewFractal(Guid.NewGuid(), width, height, 200, -1.5, 1.5, -1.2, 1.2) { Cx = -0.7, Cy = 0.27015 };
            await Flock.Api.CreateAsync(task, Token);
            // one after the other, because the gallery shows the newest first
            await Flock.WaitForAsync(task.Uuid, FractalStatus.Done);
        }
    }

    // Saves a screenshot to look at: artifacts/bin/Faafo.SystemTests/debug/gallery/390.png.
    private static async Task SaveScreenshotAsync(Browser browser, int width)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "gallery")).FullName;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{width}.png"));
        await File.WriteAllBytesAsync(file, await browser.CaptureAsync(), Token);
    }

    private sealed record Figure(
        double Left, double Top, double Width, double Height, double Shown, double TextTop, double TextHeight, double Bottom);
}
