/** How the report looks, by day and by night. */
export const STYLE = `
:root { --ink: #1d2430; --dim: #667085; --paper: #fff; --panel: #f6f7f9; --line: #e1e5eb; --main: #2f6fde; --good: #2f9e6e; --bad: #d9653b; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ef; --dim: #98a2b3; --paper: #14181f; --panel: #1d232d; --line: #323a47; --main: #6ea0ff; --good: #4cc38a; --bad: #f08a5d; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .3rem; }
header p { font-size: 1.1rem; color: var(--dim); margin: .4rem 0 1.2rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .8rem; }
.cards div { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; display: flex; flex-direction: column; }
.cards b { font-size: 1.8rem; line-height: 1.2; color: var(--main); } .cards small { color: var(--dim); }
.side { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; } .side p { flex: 1 1 16rem; } .side .wide { flex: 1 1 20rem; }
.plot { max-width: 100%; height: auto; flex: 0 1 auto; width: 26rem; font-size: 12px; } .side .plot[viewBox^="0 0 320"] { width: 20rem; }
.plot text { fill: var(--dim); } .plot .axis { fill: var(--ink); }
.grid { stroke: var(--line); } .guide { stroke: var(--dim); stroke-dasharray: 4 4; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; } th { font-weight: 600; color: var(--dim); font-size: .87rem; }
.bar { display: block; width: 7rem; height: .4rem; border-radius: .2rem; margin-top: .15rem; } .rest { fill: var(--line); } .good { fill: var(--good); } .bad { fill: var(--bad); }
code { background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; padding: 0 .3em; font-size: .92em; overflow-wrap: anywhere; }
q { overflow-wrap: anywhere; } .dim { color: var(--dim); }
details { border: 1px solid var(--line); border-radius: .6rem; padding: .6rem 1rem; margin: .7rem 0; background: var(--panel); } summary { cursor: pointer; font-weight: 600; } details p { margin: .4rem 0; color: var(--dim); }
.count { background: var(--bad); color: var(--paper); border-radius: 1rem; padding: 0 .55em; font-size: .85em; margin-left: .3em; }
ol, ul { padding-left: 1.3rem; } li { margin: .25rem 0; } main { padding-bottom: 3rem; }
@media print { details > * { display: block; } }
`;
