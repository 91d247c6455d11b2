import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../common/errors.ts';

/** Where packages come from: an archive, and the key that its lists are signed with. */
export interface Archive {
  readonly uri: string;
  readonly signedBy: string | undefined;
}

/** The Debian archives that this machine uses. */
export interface Archives {
  readonly main: Archive;
  readonly security: Archive | undefined;
}

interface Entry extends Archive {
  readonly suites: readonly string[];
}

/** Entries of the one-line form: `deb [signed-by=KEY] URI SUITE COMPONENTS`. */
function oneLine(text: string): Entry[] {
  const found: Entry[] = [];
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s/.exec(line.trim());
    if (!match) continue;
    const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
    found.push({ uri: match[2], signedBy, suites: [match[3]] });
  }
  return found;
}

/** Entries of the form with fields (`Types:`, `URIs:`, `Suites:` ...), separated by empty lines. */
function withFields(text: string): Entry[] {
  const found: Entry[] = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of paragraph.split('\n')) {
      if (line.startsWith('#')) continue;
      const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (match) fields.set((last = match[1].toLowerCase()), match[2].trim());
      else if (/^\s/.test(line) && last !== '') fields.set(last, `${fields.get(last)}\n${line.trim()}`);
    }
    if (!/\bdeb\b/.test(fields.get('types') ?? '') || /^no$/i.test(fields.get('enabled') ?? '')) continue;
    const signedBy = fields.get('signed-by');
    // A key that is written out rather than named is left to apt's own keyrings.
    for (const uri of (fields.get('uris') ?? '').split(/\s+/))
      if (uri !== '')
        found.push({
          uri,
          signedBy: signedBy?.startsWith('/') ? signedBy : undefined,
          suites: (fields.get('suites') ?? '').split(/\s+/),
        });
  }
  return found;
}

/** All entries of a folder like /etc/apt. */
function entries(folder: string): Entry[] {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  const parts = join(folder, 'sources.list.d');
  let names: string[] = [];
  try {
    names = readdirSync(parts).sort();
  } catch {
    // A machine may have the one file only.
  }
  return [
    ...oneLine(read(join(folder, 'sources.list'))),
    ...names.filter((name) => name.endsWith('.list')).flatMap((name) => oneLine(read(join(parts, name)))),
    ...names.filter((name) => name.endsWith('.sources')).flatMap((name) => withFields(read(join(parts, name)))),
  ];
}

/**
 * The Debian archives that the machine's own package sources name; their other suites lie on the same hosts. A machine
 * without any may name them in MMSPEC_DEBIAN_ARCHIVE and MMSPEC_DEBIAN_SECURITY.
 * @throws UsageError where none is known.
 */
export function machineArchives(folder = '/etc/apt'): Archives {
  const { MMSPEC_DEBIAN_ARCHIVE: main, MMSPEC_DEBIAN_SECURITY: security } = process.env;
  const plain = (uri: string | undefined): Archive | undefined => (uri ? { uri, signedBy: undefined } : undefined);
  const all = entries(folder);
  const isSecurity = ({ suites }: Entry) => suites.some((suite) => /-security$/.test(suite));
  const secured = plain(security) ?? all.find(isSecurity);
  // An archive that has the updates of a release has the release, and the others.
  const release = plain(main) ?? all.find(({ suites }) => suites.some((suite) => /^[a-z]+-updates$/.test(suite)));
  const any = release ?? all.find((entry) => !isSecurity(entry) && /\/debian\/?$/.test(entry.uri));
  if (!any)
    throw new UsageError(
      'no Debian archive is among the package sources of this machine; name one: MMSPEC_DEBIAN_ARCHIVE=URI',
    );
  return { main: any, security: secured };
}
