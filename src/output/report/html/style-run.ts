/** The style of what stands around the pictures: the verdict, the charts of the run, and the table of clauses. */
export const RUN_STYLE = `
.verdict { margin: 1.25rem 0; padding: 0.7rem 1rem; border-left: 5px solid; border-radius: 4px; background: var(--shade); font-weight: 600; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--wrong); background: var(--badge); } .verdict.open { border-color: var(--stale); }
nav ul, nav ol { margin: 0.5rem 0; padding-left: 1.25rem; } nav ol { list-style: none; } nav li { margin: 0.2rem 0; }
#run + *, #clauses + * { margin-top: 0.75rem; } section h3 { margin: 1.75rem 0 0.5rem; font-size: 1.05rem; } section ul { padding-left: 1.25rem; }
details + details { margin-top: 0.6rem; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.6rem; margin: 1rem 0; }
.filter input, .filter select { min-height: 2.3rem; padding: 0.2rem 0.6rem; border: 1px solid var(--soft); border-radius: 5px; background: var(--paper); color: inherit; font: inherit; }
.filter input { flex: 0 1 18rem; min-width: 8rem; } .filter output { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 0.5rem 1.5rem; margin: 1rem 0; }
.figures div { border-top: 1px solid var(--line); padding-top: 0.35rem; }
.figures dt { color: var(--soft); font-size: 0.8125rem; }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.rows { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0; } .rows dt { color: var(--soft); } .rows dd { margin: 0; overflow-wrap: anywhere; }
.chart { width: 100%; max-width: 62rem; margin: 1.25rem 0 0.75rem; border-collapse: collapse; }
.chart caption { padding-bottom: 0.3rem; text-align: left; color: var(--soft); font-size: 0.875rem; }
.chart th, .chart td { padding: 0.35rem 0; vertical-align: middle; text-align: left; } .chart th { width: 11rem; padding-right: 1rem; font-weight: 400; overflow-wrap: anywhere; }
.bar { display: flex; height: 0.9rem; overflow: hidden; border: 1px solid var(--line); border-radius: 3px; }
.bar span { min-width: 3px; } .bar .good { background: var(--good); } .bar .bad { background: repeating-linear-gradient(90deg, var(--wrong) 0 6px, var(--paper) 6px 8px); }
.bar .open { background: repeating-linear-gradient(-45deg, var(--stale) 0 3px, transparent 3px 7px); border-left: 1px solid var(--paper); }
.parts { font-size: 0.875rem; font-variant-numeric: tabular-nums; } .parts .bad { color: var(--wrong); font-weight: 700; } .parts .open { color: var(--stale); }
.clauses { width: 100%; border-collapse: collapse; }
.clauses th, .clauses td { padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.clauses th { white-space: nowrap; } .clauses .count { text-align: right; font-variant-numeric: tabular-nums; } .clauses td small { display: block; }
.clauses .status { white-space: nowrap; } .violated .status { color: var(--wrong); font-weight: 700; }
.upheld .status, .allowed .status { color: var(--good); } .unarmed .status, .unexercised .status, .unobservable .status { color: var(--stale); }
.clauses tr:target { background: var(--pick); outline: 2px solid var(--held); }
@media (max-width: 40rem) {
  .chart tr { display: block; } .chart th, .chart td { display: block; width: auto; padding: 0.1rem 0; } .chart td { padding-bottom: 0.5rem; }
  .rows { grid-template-columns: minmax(0, 1fr); } .rows dd { margin-bottom: 0.4rem; }
  .filter input { flex: 1 1 100%; }
  .clauses thead { position: absolute; clip-path: inset(50%); height: 1px; overflow: hidden; }
  .clauses tr { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 0 0.75rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
  .clauses th, .clauses td { border: 0; padding: 0; } .clauses td:last-child { grid-column: 1 / -1; font-size: 0.875rem; }
}
@media (forced-colors: active) { .bar span { forced-color-adjust: none; } }
@media print {
  .filter, nav { display: none; } .bar { print-color-adjust: exact; } .chart tr { break-inside: avoid; }
}
`;
