/// How the documentation page looks: by light and by dark, on a wide screen and on a narrow one.
enum DocumentationStyle {
  static let css = """
    :root { --ink: #1d2129; --paper: #fff; --faint: #f3f4f7; --line: #d9dce3; --accent: #0b5cad; --soft: #5a6372 }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e4e7ec; --paper: #14171c; --faint: #1d2128; --line: #343a45; --accent: #7db8f5; --soft: #a0a9b8 }
    }
    * { box-sizing: border-box }
    html { scroll-padding-top: 1rem }
    body { margin: 0 auto; max-width: 78rem; padding: 1rem; display: grid; gap: 0 2.5rem;
      grid-template-columns: minmax(0, 19rem) minmax(0, 1fr); grid-template-areas: "header header" "nav main";
      color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif }
    header { grid-area: header; border-bottom: 1px solid var(--line) }
    nav { grid-area: nav; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
      padding-bottom: 2rem; font-size: .85rem }
    main { grid-area: main; min-width: 0; padding-bottom: 4rem }
    nav ul { list-style: none; margin: 0; padding: 0 }
    nav h2 { font-size: .85rem; margin: 1.2rem 0 .2rem; color: var(--soft) }
    nav li { padding: .15rem 0 }
    a { color: var(--accent); text-decoration: none }
    a:hover, a:focus-visible { text-decoration: underline }
    code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere }
    article { border: 1px solid var(--line); border-radius: .5rem; padding: .2rem 1.1rem 1rem; margin: 1rem 0 }
    article:target { border-color: var(--accent) }
    main h2 { margin: 2rem 0 .5rem }
    h3 { margin: .8rem 0 .2rem; font-size: 1.1rem }
    h4 { margin: 1rem 0 .2rem; font-size: .95rem }
    p { margin: .3rem 0 }
    main ul { margin: .2rem 0; padding-left: 1.2rem }
    dl { margin: .2rem 0 }
    dt { font-weight: 600; margin-top: .4rem }
    dd { margin: 0 0 0 1.2rem }
    .method { font: 600 .8em ui-monospace, monospace }
    .access, .type { color: var(--soft) }
    @media (max-width: 50rem) {
      body { grid-template-columns: minmax(0, 1fr); grid-template-areas: "header" "nav" "main" }
      nav { position: static; max-height: 14rem; border-bottom: 1px solid var(--line) }
    }
    """
}
