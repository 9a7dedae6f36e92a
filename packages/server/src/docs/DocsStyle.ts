/** The style sheet of the documentation page. */

/** CSS for the page: light and dark, for wide and narrow screens. */
export const style = `
:root { color-scheme: light dark; --line: #d8dee4; --soft: #f6f8fa; --quiet: #59636e; --link: #0958b3 }
@media (prefers-color-scheme: dark) { :root { --line: #30363d; --soft: #161b22; --quiet: #9198a1; --link: #6cb0ff } }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr) }
@media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3 } }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; box-sizing: border-box; padding: 1.5rem; border-right: 1px solid var(--line); background: var(--soft); font-size: 14px }
nav h2 { font-size: 13px; margin: 1.2rem 0 .3rem } nav h2 a { color: inherit } nav ul { list-style: none; margin: 0; padding: 0 0 0 .7rem }
main { padding: 1.5rem 2.5rem 4rem; max-width: 58rem }
h1 { margin-top: .2rem } section > h2 { margin-top: 3rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line) }
article { margin: 2rem 0; scroll-margin-top: 1rem } h3 { margin-bottom: .3rem }
code, pre { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace } code { background: var(--soft); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere }
.address { margin: .3rem 0 } .address b { display: inline-block; min-width: 3.6rem; text-align: center; border-radius: 4px; padding: 0 .4rem; font-size: 12px; color: #fff }
.get { background: #1f6feb } .post { background: #1a7f37 } .put, .patch { background: #8250df } .delete { background: #cf222e }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: 14px } th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line) }
th { color: var(--quiet); font-weight: 600 } th:first-child { width: 24% } th:nth-child(2) { width: 28% } small { color: var(--quiet) }
@media (max-width: 50rem) { body { display: block } nav { position: static; height: auto; border-right: 0 } main { padding: 1rem } }
`
