import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../../reference/calls/call.ts';
import { findInvalid } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { CLAUSES, VOCABULARY } from '../../../reference/contract.ts';
import { judge, type Terms } from '../../../reference/judge/judge.ts';
import { Known } from '../../../reference/model/known.ts';
import { unexplained } from '../../../reference/naive/explain.ts';
import { type Document, parse, print } from '../../../reference/notation/document.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';

/** Beside each clause a trace that upholds it and one that breaks it: `fixtures/gold/CLAUSE.good.mm`, `.bad.mm`. */

const FOLDER = new URL('../../../fixtures/gold/', import.meta.url);

function load(name: string): { document: Document<Call>; terms: Terms; text: string } {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  const document = parse(text, VOCABULARY);
  const { profile, traits, page, windows } = document.header;
  return { document, text, terms: { traits: withTraits(profileNamed(profile!).traits, traits), page, windows } };
}

function gold(clause: Clause, kind: 'good' | 'bad') {
  const loaded = load(`${clause.id}.${kind}.mm`);
  const { document, terms } = loaded;
  const { trace } = document.entries[0];
  const { cpus, frames, page } = document.header;
  const tally = new Tally();
  const violation = judge(trace, terms, tally);
  return {
    ...loaded,
    trace,
    tally,
    violation,
    invalid: findInvalid(trace.program, new Known(terms.traits, cpus, frames, page)),
    naive: unexplained({ traits: terms.traits, page, cpus, windows: terms.windows }, trace),
  };
}

const blank = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replace(/\s+/g, ' ')
        .trimEnd(),
    )
    .filter((line) => line !== '')
    .join('\n');

describe('the good trace of each clause', () => {
  for (const clause of CLAUSES) {
    test(clause.id, () => {
      const { tally, violation, invalid, naive } = gold(clause, 'good');
      expect(invalid).toBeUndefined();
      expect(violation).toBeUndefined();
      expect(naive).toBeUndefined();
      expect(tally.upheld[clause.index]).toBeGreaterThan(0);
    });
  }
});

describe('the bad trace of each clause', () => {
  for (const clause of CLAUSES.filter(({ level }) => level === 'MUST')) {
    test(clause.id, () => {
      const { trace, tally, violation, invalid, naive } = gold(clause, 'bad');
      const last = trace.program.steps.length - 1;
      expect(invalid).toBeUndefined();
      expect(violation?.clause.id).toBe(clause.id);
      expect(violation?.step).toBe(last);
      expect(naive).toBe(last);
      expect([...tally.violated].reduce((sum, n) => sum + n)).toBe(1);
      expect(violation?.also.map(({ id }) => id)).not.toContain(clause.id);
    });
  }
});

describe('the folder', () => {
  test('has nothing else, and every file is canonical but for its comments', () => {
    const wanted = CLAUSES.flatMap(({ id, level }) =>
      level === 'MUST' ? [`${id}.bad.mm`, `${id}.good.mm`] : [`${id}.good.mm`],
    );
    expect(readdirSync(FOLDER).sort()).toEqual(wanted.sort());
    for (const name of wanted) {
      const { document, text } = load(name);
      expect(blank(text), name).toBe(blank(print(document)));
      expect(text.split('\n')[1], name).toMatch(/^# .{20,}/);
    }
  });
});
