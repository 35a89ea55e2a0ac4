namespace Faafo.Api.Gallery;

/// <summary>
/// The gallery's style sheet: light or dark as the browser prefers; two pictures above three, two columns up to 1024 px, one up to 640 px.
/// </summary>
internal static class GalleryStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --page: #f6f4f1; --card: #fff; --text: #2a2420; --soft: #75695f;
          --accent: #b04a14; --line: #e3ddd6; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #131110; --card: #1e1b19; --text: #ece5de; --soft: #a3978c; --accent: #f0915a; --line: #2e2926; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem clamp(.75rem, 3vw, 2.5rem); max-width: 90rem; background: var(--page); color: var(--text);
          font: 16px/1.5 system-ui, sans-serif; }
        a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
        header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between;
          gap: 0 1.5rem; margin-bottom: 1rem; }
        h1 { margin: 0; font-size: 2rem; font-weight: 650; letter-spacing: -.02em; } h1 a { color: inherit; }
        header p { margin: 0; color: var(--soft); }
        header b { color: var(--text); font-variant-numeric: tabular-nums; } header .busy { color: var(--accent); }
        main, .row { display: flex; gap: 1rem; } main { flex-direction: column; }
        figure { flex: var(--r) 1 0; min-width: 0; max-width: calc(var(--r) * 40rem); margin: 0; overflow: hidden; background: var(--card);
          border: 1px solid var(--line); border-radius: .6rem; }
        figure img { display: block; width: 100%; height: auto; aspect-ratio: var(--r); object-fit: contain; background: #201008; }
        figcaption { display: grid; padding: .6rem .8rem .7rem; font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; }
        figcaption b { font-size: .95rem; font-weight: 600; color: var(--text); font-variant-numeric: tabular-nums; }
        .uuid { font: .72rem/1.6 ui-monospace, monospace; color: inherit; }
        nav { display: grid; grid-template-columns: 1fr auto 1fr; margin: 1.5rem 0 0; } nav :last-child { text-align: right; }
        nav span { color: var(--soft); }
        .none { padding: 4rem 1rem; text-align: center; color: var(--soft); border: 1px dashed var(--line); border-radius: .6rem; }
        footer { margin-top: 1.5rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .8rem; color: var(--soft); }
        footer a { margin-left: .5rem; }
        @media (max-width: 64rem) {
          main { display: grid; grid-template-columns: 1fr 1fr; } .row { display: contents; } figure { max-width: none; }
          figure img { aspect-ratio: 4 / 3; } figure:nth-child(3) { grid-column: 1 / -1; } figure:nth-child(3) img { aspect-ratio: 2; } }
        @media (max-width: 40rem) {
          main { grid-template-columns: 1fr; } figure img, figure:nth-child(3) img { aspect-ratio: auto; max-height: 24rem; } }
        """;
}
