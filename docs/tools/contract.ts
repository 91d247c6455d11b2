import { readFileSync } from 'node:fs';
import type { Call } from '../../reference/calls/call.ts';
import type { Clause } from '../../reference/clauses/clause.ts';
import { COMMON } from '../../reference/clauses/common.ts';
import { CALLS, CLAUSES, SIDES } from '../../reference/contract.ts';
import type { Parameter } from '../../reference/notation/signature.ts';
import { PROFILES } from '../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS } from '../../reference/profiles/traits.ts';

/** Makes `docs/contract.md` from the clauses, the calls, the traits and the gold traces. `npm run docs` writes it. */

/** The folder with a good and a bad trace for each clause. */
export const GOLD = new URL('../../fixtures/gold/', import.meta.url);

/** Header lines that a reader may take for granted. */
const USUAL = new Set(['mmspec trace 1', 'profile documented', 'cpus 2', 'frames 8']);

const link = ({ id }: Clause): string => `[${id}](#${id.toLowerCase()})`;
const code = (text: string): string => `\`${text}\``;

/** Escapes what Markdown would take for emphasis, a link or HTML. */
const plain = (text: string): string => text.replace(/[\\_*<>[\]]/g, '\\$&');

const placeholder = ({ name, type, choices }: Parameter): string => {
  if (type === 'choice') return choices!.join('|');
  if (type === 'flags') return choices!.join(',');
  if (type === 'space') return 'CHILD';
  return name.toUpperCase();
};

/** How a step with the call is written: `a0 = vmap FRAMES [flags=put_pages]`. */
function usage(call: Call): string {
  const words = call.parameters.map((parameter) =>
    parameter.optional ? `[${parameter.name}=${placeholder(parameter)}]` : placeholder(parameter),
  );
  return [...(call.binds ? [`${call.binds}0 =`] : []), call.name, ...words].join(' ');
}

/** Under which traits the clause is judged, in Markdown; empty where it always is. */
export function condition({ of, where }: Clause): string {
  const traits = Object.entries(where).map(([name, values]) =>
    values
      .split('|')
      .map((value) => code(`${name}=${value}`))
      .join(' or '),
  );
  return [of === 'linux' ? 'judged on Linux only' : '', traits.length > 0 ? `where ${traits.join(' and ')}` : '']
    .filter((part) => part !== '')
    .join(', ');
}

/** A gold trace: its comment, then the header lines that are unusual, and the steps. */
function gold(clause: Clause, kind: 'good' | 'bad'): string {
  const file = `${clause.id}.${kind}.mm`;
  const [, comment, ...lines] = readFileSync(new URL(file, GOLD), 'utf8').trimEnd().split('\n');
  const said = comment.replace(/^# \S+ \w+: /, '');
  const shown = lines.filter((line) => !USUAL.has(line));
  const verdict = kind === 'good' ? 'Allowed' : 'Not allowed';
  return `${verdict} ([${file}](../fixtures/gold/${file})): ${plain(said)}\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``;
}

function section(clause: Clause, heading: '###' | '####'): string {
  const when = condition(clause);
  return [
    `${heading} ${clause.id}`,
    `**${clause.level}**${when === '' ? '' : `, ${when}`}: ${plain(clause.sentence)}`,
    `Source: ${plain(clause.source)}.`,
    gold(clause, 'good'),
    ...(clause.level === 'MUST' ? [gold(clause, 'bad')] : []),
  ].join('\n\n');
}

function callSection(call: Call, done: ReadonlySet<Clause>): string {
  const known = call.clauses.filter((clause) => done.has(clause));
  return [
    `### ${call.name}`,
    `${code(usage(call))}: ${plain(call.summary)}.`,
    ...(known.length > 0 ? [`Described above: ${known.map(link).join(', ')}.`] : []),
    ...call.clauses.filter((clause) => !done.has(clause)).map((clause) => section(clause, '####')),
  ].join('\n\n');
}

function traitSection(): string {
  const rows = TRAITS.flatMap(({ name, summary, choices }) =>
    Object.entries(choices).map(([choice, meaning], index) => {
      const profiles = PROFILES.filter(({ traits }) => traits[name] === choice && DOCUMENTED[name] !== choice);
      const asked = CLAUSES.filter(({ where }) => where[name]?.split('|').includes(choice));
      return [
        index === 0 ? plain(summary) : '',
        code(`${name}=${choice}`),
        plain(meaning),
        index === 0 ? 'all others' : profiles.map((profile) => code(profile.name)).join(', '),
        asked.map(link).join(', '),
      ];
    }),
  );
  const table = [['Point', 'Choice', 'Meaning', 'Profiles', 'Judged by'], ['---', '---', '---', '---', '---'], ...rows];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The whole document. */
export function contractDocument(): string {
  const done = new Set<Clause>(COMMON);
  const sides = SIDES.map(({ side, title }) => {
    const calls = CALLS.filter((call) => call.side === side).map((call) => {
      const text = callSection(call, done);
      for (const clause of call.clauses) done.add(clause);
      return text;
    });
    return [`## ${title}`, ...calls].join('\n\n');
  });
  const missing = CLAUSES.filter((clause) => !done.has(clause));
  if (missing.length > 0) throw new Error(`no section for the clauses ${missing.map(({ id }) => id).join(', ')}`);
  return `${[
    '# The contract',
    '<!-- `npm run docs` writes this file from reference/ and fixtures/gold/. Do not edit it. -->',
    `This page lists the ${CLAUSES.length} clauses that mmspec judges by. A clause is one sentence with a source. **MUST**: an ` +
      'implementation that behaves differently violates the clause. **MAY**: a freedom that the judge leaves to every ' +
      'implementation.',
    'Each clause has a trace that the contract allows and, if it is a MUST, a trace that breaks it. `@1` is the CPU that runs a ' +
      'step, `f` names a frame, `a` a kernel area, `v` a user VMA and `o` a mapped object. What the implementation answered ' +
      'follows `=>`. The [protocol](../fixtures/adapters/PROTOCOL.md) explains the notation in full. If a trace has no other ' +
      'header line, its profile is `documented`, with 2 CPUs and 8 frames.',
    'On the terminal, `npx mmspec contract` prints the same clauses; `npx mmspec contract ALIAS-1` prints one.',
    '## Where implementations may differ',
    'Respectable implementations differ on some points. Each point is a trait. A target declares its choice, or proposes a ' +
      'profile, which is a named set of choices. The first choice of each trait is the documented one.',
    traitSection(),
    '## Every call',
    ...COMMON.map((clause) => section(clause, '###')),
    ...sides,
  ].join('\n\n')}\n`;
}
