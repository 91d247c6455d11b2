import { print } from '../../../reference/notation/document.ts';
import { type Exhibit, type Export, essential } from './exhibit.ts';

/** A text as a template literal. */
const literal = (text: string): string => `\`${text.replace(/[\\`$]/g, '\\$&')}\``;

/** Runs of a program with parallel blocks: its steps may overlap differently in each run. */
const PARALLEL_RUNS = 100;

function write(exhibit: Exhibit): string {
  const { violation, header, name } = exhibit;
  const trace = essential(exhibit);
  const bare = { ...trace, outcomes: [], times: undefined };
  const { cpus, frames } = header;
  const program = print({
    kind: 'program',
    header: { traits: new Map(), cpus, frames, page: header.page, windows: new Map() },
    entries: [{ id: 1, trace: { program: bare.program, outcomes: [] } }],
  });
  const times = trace.program.blocks.length > 0 ? PARALLEL_RUNS : 1;
  const title = violation ? `${violation.clause.id}: ${violation.clause.sentence}` : name;
  return `import { agree, findInvalid, judge, Known, openTarget, parse, printTraceSteps, Tally, VOCABULARY } from 'mmspec';
import { expect, test } from 'vitest';

/** The target to run the program on, as on the command line: \`exec:./adapter\`. */
const TARGET = process.env.MMSPEC_TARGET ?? 'embedded';

const PROGRAM = ${literal(program)};

test(${JSON.stringify(title)}, async () => {
  const target = await openTarget(TARGET);
  try {
    const { traits, terms } = agree(target.manifest);
    const { program } = parse(PROGRAM, VOCABULARY).entries[0].trace;
    expect(findInvalid(program, new Known(traits, program.cpus, program.frames, terms.page))).toBeUndefined();
    for (const trace of await target.run(${times === 1 ? '[program]' : `new Array(${times}).fill(program)`})) {
      const violation = judge({ ...trace, program }, terms, new Tally());
      const message = violation && \`step \${violation.step + 1} breaks \${violation.clause.id}: allowed \${violation.allowed}\`;
      expect(message, printTraceSteps(trace)).toBeUndefined();
    }
  } finally {
    await target.close();
  }
});
`;
}

/** `--as vitest`. */
export const VITEST: Export = {
  summary: 'a test file for vitest that passes once the target is fixed',
  file: ({ name }) => `${name}.test.ts`,
  write,
};
