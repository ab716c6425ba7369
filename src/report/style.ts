/** The page's style sheet: calm type, colours that colour-blind readers tell apart (Okabe and Ito 2008), light, dark and paper. */

const light = `
color-scheme: light;
--ground: #fbfaf7; --card: #ffffff; --text: #1e2226; --quiet: #62686f; --line: #e3e1da; --accent: #0072b2;
--baseline: #b86e00; --mycelial: #00806a; --synthesized: #0067a5; --buy_and_hold: #7d838a; --close: #4a5058;
--candidate: #8a9199; --confirmed: #b86e00; --approved: #00806a; --rejected: #b9a27a; --retired: #a0467f; --contagion: #a0467f;
--warn: #b3470f; --good-ground: #e2f3ee; --good: #00604f; --bad-ground: #fae7dc; --bad: #9c3c08; --calm-ground: #eeece6;
`

const dark = `
color-scheme: dark;
--ground: #14171a; --card: #1b1f23; --text: #e7e6e2; --quiet: #9aa1a8; --line: #2d3238; --accent: #6cb8ea;
--baseline: #eba73c; --mycelial: #37c29c; --synthesized: #64b5f0; --buy_and_hold: #98a0a8; --close: #b9c0c7;
--candidate: #98a0a8; --confirmed: #eba73c; --approved: #37c29c; --rejected: #a38f68; --retired: #dd8fbf; --contagion: #dd8fbf;
--warn: #f08a4b; --good-ground: #12362e; --good: #6fdcbd; --bad-ground: #43230f; --bad: #ffb083; --calm-ground: #2a2f35;
`

const layout = `
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 4rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 "Inter", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", sans-serif; font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
.page { max-width: 1160px; margin: 0 auto; padding: 0 1.5rem 4rem; }
nav { position: sticky; top: 0; z-index: 200; display: flex; gap: .2rem 1.2rem; flex-wrap: wrap; align-items: baseline; padding: .7rem max(1.5rem, calc((100vw - 1160px) / 2 + 1.5rem)); background: var(--ground); border-bottom: 1px solid var(--line); font-size: .86rem; }
nav a { color: var(--quiet); text-decoration: none; }
nav a:hover, nav a:focus-visible { color: var(--text); }
nav .home { color: var(--text); font-weight: 650; margin-right: .6rem; letter-spacing: -.01em; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 300; background: var(--card); padding: .4rem .8rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h1 { font-size: 2.5rem; line-height: 1.1; letter-spacing: -.03em; margin: .2rem 0 .9rem; font-weight: 680; overflow-wrap: anywhere; }
h2 { font-size: 1.45rem; letter-spacing: -.02em; margin: 0 0 .25rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 2rem 0 .6rem; font-weight: 650; }
section { padding-top: 3.2rem; }
.eyebrow { margin: 2.6rem 0 0; color: var(--quiet); font-size: .86rem; }
.story { font-size: 1.14rem; line-height: 1.55; max-width: 54rem; margin: 0; text-wrap: pretty; }
.lead { color: var(--quiet); margin: 0 0 1.1rem; max-width: 52rem; text-wrap: pretty; }
.note, .about, .product { color: var(--quiet); font-size: .86rem; font-weight: 400; }
.empty { color: var(--quiet); font-style: italic; }
.failure { border-left: 4px solid var(--bad); background: var(--bad-ground); padding: .7rem 1rem; border-radius: 8px; margin: 1rem 0; }
.failure h2 { margin-top: 0; color: var(--bad); }
.failure code, .failure pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.missing { background: var(--bad-ground); color: var(--bad); padding: .7rem 1rem; border-radius: 8px; }
code, pre { font: .86em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; margin: .5rem 0 0; max-height: 24rem; overflow: auto; }
details summary { cursor: pointer; }
footer { color: var(--quiet); font-size: .86rem; border-top: 1px solid var(--line); margin-top: 4rem; padding-top: 1rem; }
`

const overview = `
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1.2rem 0 1.8rem; font-size: .9rem; }
.facts div { display: flex; gap: .5rem; }
dt { color: var(--quiet); } dd { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-top: 3px solid var(--own, var(--line)); border-radius: 10px; padding: 1rem 1.1rem .9rem; min-width: 0; }
.card h3 { margin: 0; display: flex; align-items: center; gap: .5rem; }
.card .about { margin: .05rem 0 .7rem; }
.card .big { font-size: 1.85rem; line-height: 1.1; letter-spacing: -.03em; font-weight: 640; margin: 0; }
.card .under { margin: .15rem 0 .5rem; color: var(--quiet); font-size: .9rem; }
.card dl { margin: .7rem 0 0; font-size: .9rem; }
.card dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .24rem 0; border-top: 1px solid var(--line); }
.card dd { text-align: right; }
.baseline { --own: var(--baseline); } .mycelial { --own: var(--mycelial); } .synthesized { --own: var(--synthesized); } .buy_and_hold { --own: var(--buy_and_hold); }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: 3px; background: var(--own, var(--accent)); }
.spark { display: block; width: 100%; height: 34px; overflow: visible; }
.spark polyline { fill: none; stroke: var(--own, var(--accent)); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.spark .zero { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.all-figures { margin-top: 1rem; } .all-figures summary { color: var(--quiet); font-size: .9rem; }
.undefined { position: relative; color: var(--quiet); cursor: help; border-bottom: 1px dotted var(--quiet); padding: 0 .3em; }
.undefined:hover::after, .undefined:focus::after { content: attr(data-tip); position: absolute; right: 0; bottom: 1.6em; z-index: 10; width: max-content; max-width: 15rem; background: var(--text); color: var(--ground); font: 400 .8rem/1.4 system-ui, sans-serif; letter-spacing: 0; padding: .35rem .6rem; border-radius: 6px; white-space: normal; text-align: left; }
`

const charts = `
.chart { margin: 0 0 1.4rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem .7rem; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; margin-bottom: .3rem; }
.chart-title { font-weight: 600; font-size: .95rem; }
.trade-map svg { display: block; width: 100%; height: auto; } .trade-map path { fill: none; stroke-linecap: round; }
.trade-map .win { stroke: var(--synthesized); stroke-width: 6; stroke-opacity: .6; } .trade-map .loss { stroke: var(--warn); stroke-width: 1.5; stroke-opacity: .7; }
.trade-map .axes { stroke: var(--line); stroke-width: 1; }
.map-key { margin: 0; font-size: .86rem; } .map-key svg { display: inline; width: 1rem; height: .8rem; }
.recalled { border-top: 1px solid var(--line); padding: .4rem 0; } .recalled summary { overflow-wrap: anywhere; }
.tools { margin-left: auto; }
.plot { min-height: 190px; } .unplotted { color: var(--quiet); font-style: italic; font-size: .9rem; }
.u-select { background: color-mix(in srgb, var(--accent) 14%, transparent); }
.u-hz .u-cursor-x, .u-vt .u-cursor-y { border-right-color: var(--quiet); } .u-hz .u-cursor-y, .u-vt .u-cursor-x { border-bottom-color: var(--quiet); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .4rem; align-items: center; font-size: .86rem; padding-left: 58px; min-height: 2rem; }
.legend .when { order: 99; margin-left: auto; color: var(--quiet); }
button { font: inherit; color: inherit; background: none; border: 0; padding: .15rem .5rem; border-radius: 6px; cursor: pointer; }
button:hover { background: var(--calm-ground); }
.legend button { display: inline-flex; align-items: center; gap: .4rem; } .legend .value { font-weight: 600; }
.legend button[aria-pressed="false"] { opacity: .45; text-decoration: line-through; }
.tools { gap: .6rem; flex-wrap: wrap; } .controls > .tools { gap: 0; }
.tools, .choice { display: inline-flex; font-size: .82rem; }
.choice, .controls > .tools { border: 1px solid var(--line); border-radius: 7px; overflow: hidden; }
.choice button, .controls .tools button { border-radius: 0; color: var(--quiet); min-width: 2.1rem; }
.choice button[aria-pressed="true"] { background: var(--calm-ground); color: var(--text); font-weight: 600; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem 1.4rem; align-items: center; margin-bottom: .7rem; font-size: .9rem; }
.controls fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .3rem 1rem; } .controls legend { float: left; padding: 0; margin-right: 1rem; color: var(--quiet); }
.controls label { display: inline-flex; align-items: center; gap: .4rem; } input { accent-color: var(--own, var(--accent)); }
select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: .2rem .5rem; }
.readout { color: var(--quiet); font-size: .88rem; margin: -.7rem 0 0; min-height: 1.5rem; }
.funnel { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 1rem; padding: 0; margin: 0 0 1.4rem; }
.funnel .n { display: block; font-size: 1.5rem; font-weight: 640; letter-spacing: -.02em; line-height: 1.2; } .funnel .label { color: var(--quiet); font-size: .88rem; }
.funnel svg { display: block; width: 100%; height: 5px; margin-top: .45rem; background: var(--calm-ground); border-radius: 3px; } .funnel rect { fill: var(--mycelial); }
.spreads { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 1rem; }
.spread { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem; } .spread figcaption { font-size: .88rem; font-weight: 600; margin-bottom: .5rem; }
.spread > svg { display: block; width: 100%; height: 94px; border-bottom: 1px solid var(--line); } .spread rect { fill: var(--accent); }
.words { list-style: none; margin: 0; padding: 0; font-size: .84rem; } .words li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .8rem; padding: .1rem 0; } .words span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.words svg { display: block; width: 100%; grid-column: 1 / -1; height: 4px; background: var(--calm-ground); border-radius: 2px; }
.calibration svg { display: block; width: 100%; max-width: 520px; } .calibration path { fill: none; stroke: var(--line); } .calibration .perfect { stroke: var(--quiet); stroke-dasharray: 4 4; } .calibration .bar { stroke: var(--mycelial); stroke-width: 1.5; } .calibration circle { fill: var(--mycelial); } .calibration text { fill: var(--quiet); font-size: 11px; }
.ends { display: flex; justify-content: space-between; gap: 1rem; margin: .25rem 0 0; color: var(--quiet); font-size: .8rem; } .ends span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
`

const tables = `
.table { overflow: auto; max-height: 46rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; }
caption { text-align: left; padding: .6rem .9rem; color: var(--quiet); }
th, td { text-align: left; padding: .36rem .9rem; border-top: 1px solid var(--line); vertical-align: baseline; overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; z-index: 5; background: var(--card); color: var(--quiet); font-weight: 500; border-top: 0; box-shadow: 0 1px var(--line); white-space: nowrap; overflow-wrap: normal; }
thead th button { padding: 0; border-radius: 3px; } thead th button:hover { background: none; color: var(--text); } th[aria-sort] { color: var(--text); } th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
.number { text-align: right; white-space: nowrap; }
.loss { color: var(--bad); } .gain { color: var(--good); }
.tag { display: inline-block; padding: 0 .5em; border-radius: 5px; font-size: .92em; white-space: nowrap; background: var(--calm-ground); font-weight: 500; letter-spacing: 0; }
h1 .tag { font-size: 1rem; vertical-align: middle; } .tag.good { background: var(--good-ground); color: var(--good); } .tag.bad, .tag.warn { background: var(--bad-ground); color: var(--bad); } .streams .tag { font-size: .8em; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 1rem; align-items: start; margin-bottom: 1rem; }
.moats { columns: 3 320px; column-gap: 1rem; }
.moat { break-inside: avoid; margin-bottom: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; min-width: 0; } .moat h3 { margin: 0; } .moat p { margin: .1rem 0; }
.own { list-style: none; margin: .6rem 0; padding: .5rem 0 0; border-top: 1px solid var(--line); font-size: .88rem; } .own li { padding: .12rem 0; }
.streams { margin-top: .6rem; } .streams caption { padding: .2rem 0; font-size: .82rem; } .streams th, .streams td { padding: .2rem 0; font-weight: 450; vertical-align: middle; } .streams td { width: 42%; padding-left: .8rem; } .streams td.number { width: 3.2rem; } .streams .spark { height: 22px; } .streams .spark polyline { stroke-width: 1; opacity: .85; }
.manifest { font-size: .9rem; margin: 0 0 1.2rem; } .manifest div { display: grid; grid-template-columns: 7rem minmax(0, 1fr); padding: .2rem 0; overflow-wrap: anywhere; }
`

const paper = `
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  body { font-size: 11pt; } nav, .skip, .controls, .tools, .readout { display: none !important; } .page { max-width: none; padding: 0; }
  section { padding-top: 1.6rem; } .chart, .card, .moat, .spread, tr { break-inside: avoid; } h2, h3, .lead { break-after: avoid; } .table { overflow: visible; max-height: none; } thead th { position: static; }
}
`

export const style = `:root {${light}}
@media (prefers-color-scheme: dark) { :root:not(.paper) {${dark}} }
${layout}${overview}${charts}${tables}${paper}`
