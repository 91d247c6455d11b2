/** The style of the page and of the pictures: light and dark, wide and narrow, on paper. Marks differ in shape as well as in colour. */
export const STYLE = `
:root {
  --paper: #ffffff; --ink: #1c2128; --soft: #59636e; --line: #d5dae1; --shade: #f4f6f8; --pick: #e3edfb;
  --held: #1f6feb; --stale: #b35900; --wrong: #cf222e; --live: #1a7f5a; --good: #1a7f37; --badge: #fff1f1;
  --number: 2rem; --cpu: 1.9rem; --entry: 1.15rem; --range: 1.5rem; --text: 15rem; --least: 0.85rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171c; --ink: #e3e7ec; --soft: #9aa4b0; --line: #333a44; --shade: #1c2128; --pick: #1f2f49;
    --held: #6cabff; --stale: #f0a04b; --wrong: #ff7b72; --live: #4cc29b; --good: #56d364; --badge: #33191b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 3.5rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 84rem; padding: 1.25rem clamp(0.75rem, 3vw, 2.5rem) 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
code, pre { font: 0.875em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 3rem 0 0.75rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1.25rem; }
h4, h5 { margin: 0 0 0.35rem; font-size: 0.9rem; }
h5 { color: var(--soft); font-weight: 600; }
header p { margin: 0.15rem 0 0; color: var(--soft); }
small { color: var(--soft); font-size: 0.8125rem; }
a { color: var(--held); }
:focus-visible { outline: 2px solid var(--held); outline-offset: 1px; }
.breach { color: var(--wrong); }
.finding { margin: 2.5rem 0 0; padding-top: 1.5rem; border-top: 2px solid var(--line); }
.sentence { max-width: 62rem; margin: 0.4rem 0 0.8rem; }
.finding > dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0 0 1.25rem; }
.finding > dl dt { color: var(--soft); } .finding > dl dd { margin: 0; }
.controls { position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem; padding: 0.4rem 0; background: var(--paper); }
.controls output { min-width: 10.5rem; text-align: center; font-variant-numeric: tabular-nums; }
button { min-width: 2.6rem; min-height: 2.3rem; border: 1px solid var(--line); border-radius: 5px; background: var(--shade); color: inherit; font: inherit; cursor: pointer; }
button[aria-disabled="true"] { opacity: 0.4; cursor: default; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.hint.touch { display: none; }
@media (hover: none) { .hint.mouse { display: none; } .hint.touch { display: inline; } }
.stage { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 4fr); gap: 1.5rem; align-items: start; }
.scroll { container-type: inline-size; overflow: auto; max-height: max(20rem, 80vh); }
.graph { position: relative; }
.graph ol { margin: 0; padding: 0; list-style: none; }
.moment, .heading { display: grid; grid-template-columns: var(--grid); align-items: stretch; min-width: min-content; border-top: 1px solid var(--line); }
.moment { position: relative; cursor: pointer; }
.moment > *, .heading > * { grid-row: 1; }
.moment.current { background: var(--pick); }
.moment.offending { background: var(--badge); box-shadow: inset 4px 0 var(--wrong); }
.moment.offending.current { outline: 2px solid var(--wrong); outline-offset: -2px; }
.graph .moment:focus-visible { outline: 3px solid var(--held); outline-offset: -3px; z-index: 1; }
.scroll:focus-visible { outline-offset: -2px; }
.number { padding: 0.4rem 0.4rem 0; text-align: right; color: var(--soft); font-weight: 400; font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
.text { padding: 0.35rem 0.5rem 0.45rem 0.9rem; grid-column: -2 / -1; max-width: 34rem; }
.graph.below { --text: 0px; } .below .text { position: sticky; left: 0; grid-row: 2; grid-column: 1 / -1; width: 100cqi; max-width: none; padding-top: 0; } .below .number { padding-bottom: 0.2rem; }
.text small { display: block; } .text small span { display: block; }
.text .outcome { font-weight: 600; white-space: nowrap; } .offending .outcome { color: var(--wrong); }
.text strong { display: block; font-size: 0.875rem; }
.heading { position: sticky; top: 0; z-index: 2; border: 0; align-items: end; background: var(--paper); }
.label { display: flex; justify-content: center; padding-bottom: 0.3rem; font-style: normal; font-size: 0.75rem; color: var(--soft); }
.label span { line-height: 1; writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.label.cpu { color: var(--ink); font-weight: 600; }
.label.entry { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
i { font-style: normal; }
.lane, .entry, .range { position: relative; display: block; }
.moment .lane { background: linear-gradient(var(--line), var(--line)) center / 1px 100% no-repeat; }
.lane.acts::after { content: ""; position: absolute; left: 50%; top: 50%; width: 0.75rem; height: 0.75rem; margin: -0.375rem; border-radius: 50%; background: var(--ink); }
.lane.t-run::before, .lane.b-run::before { content: ""; position: absolute; left: calc(50% - 0.3rem); width: 0.6rem; top: 0; bottom: 0; background: var(--soft); opacity: 0.45; }
.lane.t-run:not(.b-run)::before { bottom: 50%; } .lane.b-run:not(.t-run)::before { top: 50%; }
.entry::before, .entry::after, .range::before, .range::after { content: ""; position: absolute; left: calc(50% - var(--half)); width: calc(2 * var(--half)); }
.entry { --half: 2.5px; } .range { --half: 5px; }
.entry::before, .range::before { top: 0; height: 50%; } .entry::after, .range::after { top: 50%; bottom: 0; }
.t-held::before, .b-held::after { background: var(--held); }
.t-stale::before, .b-stale::after { background: repeating-linear-gradient(var(--stale) 0 4px, transparent 4px 7px); }
.t-overdue::before, .b-overdue::after { background: repeating-linear-gradient(var(--wrong) 0 4px, transparent 4px 7px); }
.t-wrong::before, .b-wrong::after { background: var(--wrong); }
.t-live::before, .b-live::after { background: var(--live); opacity: 0.75; }
.range.t-empty::before, .range.b-empty::after { border: solid var(--live); border-width: 0 2px; }
.t-ended::before, .b-ended::after { background: repeating-linear-gradient(-45deg, var(--stale) 0 3px, transparent 3px 6px); }
.wire { align-self: center; height: 0; border-top: 2px solid var(--soft); margin: 0 0.6rem; }
.offending .wire { border-top: 3px dashed var(--wrong); }
.moment .touched, .legend .touched { background: radial-gradient(circle, var(--paper) 0 3px, var(--ink) 3.5px 5.5px, transparent 6px) center / 14px 14px no-repeat; }
/* Each line has its own stacking context: rings are drawn over the bars. */
.moment, .legend li { isolation: isolate; } .touched::before, .touched::after { z-index: -1; }
.moment.offending .touched { background: none; }
.moment.offending .entry.touched::after, .legend .crossed::after { content: "\\2715"; background: none; left: 50%; top: 50%; bottom: auto; width: auto; transform: translate(-50%, -50%); color: var(--wrong); font: 700 1.15rem/1 sans-serif; text-shadow: 0 0 3px var(--paper), 0 0 3px var(--paper); z-index: 1; }
.ghost { border: 2px dashed var(--wrong); border-radius: 3px; margin: 0.3rem 0.25rem; }
.states { position: sticky; top: 3.5rem; max-height: calc(100vh - 4rem); overflow: auto; }
.state { padding: 0.9rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--shade); }
.state h4 { margin-bottom: 0.75rem; font-weight: 600; }
.state section { margin-top: 0.6rem; }
.state ul { margin: 0; padding: 0; list-style: none; }
.state li { margin: 0.25rem 0; padding: 0.15rem 0.5rem; border-left: 4px solid var(--line); }
.state .held { border-color: var(--held); } .state .stale, .state .ended { border-left-style: dashed; border-color: var(--stale); }
.state .overdue { border-left-style: dashed; border-color: var(--wrong); }
.pages .about { outline: 2px solid var(--held); outline-offset: -2px; } .pages .about.offending { outline-color: var(--wrong); color: var(--wrong); font-weight: 700; }
.state .wrong { border-color: var(--wrong); color: var(--wrong); } .state .wrong small { color: inherit; font-weight: 600; }
.state .live { border-color: var(--live); } .state .empty { border-left: 4px double var(--live); } .state .gone > code { text-decoration: line-through; }
.state .fresh { background: var(--pick); } .state .wrong.fresh { background: var(--badge); }
.none { margin: 0; color: var(--soft); font-size: 0.875rem; }
.cpus { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0 1rem; }
.pages { display: flex; flex-wrap: wrap; gap: 2px; margin-top: 0.2rem; }
.pages i { min-width: 1.9rem; padding: 0 0.25rem; border: 1px solid var(--line); border-radius: 3px; background: var(--paper); text-align: center; font: 0.75rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.25rem; margin: 0.75rem 0; padding: 0; list-style: none; color: var(--soft); font-size: 0.8125rem; }
.legend li { display: flex; align-items: center; gap: 0.3rem; } .legend i { width: 1rem; height: 1.4rem; } .legend .wire { width: 1.6rem; height: 0; margin: 0; } .legend .ghost { height: 1rem; margin: 0; }
.how { margin: 1rem 0; max-width: 62rem; } .how p { margin: 0.5rem 0; }
.words { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 0.1rem 1.5rem; margin: 0; font-size: 0.875rem; }
.words div { display: flex; gap: 0.75rem; } .words dt { flex: 0 0 4rem; } table + .words { margin: 0.75rem 0; color: var(--soft); } table + .words dt { flex-basis: 6.5rem; } .words dd { margin: 0; }
.why ol, .why ul { margin: 0 0 0.75rem; padding-left: 1.75rem; } .why small { margin-left: 0.5rem; } .why .breach small { color: inherit; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border-radius: 6px; background: var(--shade); overflow-wrap: normal; }
summary { cursor: pointer; }
@media (max-width: 60rem) {
  .stage { grid-template-columns: minmax(0, 1fr); gap: 0.75rem; } .states { position: static; order: -1; height: min(32vh, 16rem); }
  .scroll { max-height: max(16rem, 55vh); }
}
@media (max-width: 40rem) {
  .finding > dl { grid-template-columns: minmax(0, 1fr); } .finding > dl dd { margin-bottom: 0.4rem; }
  :root { --text: 0px; }
  .graph .text { grid-row: 2; grid-column: 1 / -1; max-width: none; padding: 0 0.5rem 0.45rem; }
  .moment .number { padding-bottom: 0.2rem; }
  .controls { gap: 0.25rem; } .controls output { flex: 1; min-width: 0; font-size: 0.875rem; } .hint.touch { flex-basis: 100%; }
  .state { padding: 0.5rem 0.75rem; } .state h4 { margin-bottom: 0.4rem; } .cpus { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); }
}
@media print, (max-width: 40rem) {
  :root { --number: 1.5rem; --cpu: 1.3rem; --entry: 0.95rem; --range: 1.05rem; }
  .graph { font-size: 0.875rem; }
  .text .outcome { white-space: normal; }
  .wire { margin: 0 0.4rem; } .range { --half: 4px; } .heading .text small { display: none; }
}
@media (forced-colors: active) { .graph i, .legend i { forced-color-adjust: none; } }
@media print {
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  :root { --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --shade: #f6f6f6; --pick: transparent; --held: #1f6feb; --stale: #b35900; --wrong: #cf222e; --live: #1a7f5a; --badge: #fff1f1; --least: 0px; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .controls, script { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .stage { grid-template-columns: minmax(0, 1fr); } .states { position: static; order: 0; }
  .scroll, .states { height: auto; max-height: none; overflow: visible; } .heading { position: static; }
  .moment, .state, tr { break-inside: avoid; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;
