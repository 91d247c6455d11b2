import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../common/errors.ts';

/** A package archive, and the key that signs its lists. */
export interface Archive {
  readonly uri: string;
  readonly signedBy: string | undefined;
}

/** The Debian archives to fetch kernels from. */
export interface Archives {
  readonly main: Archive;
  readonly security: Archive | undefined;
}

interface Entry extends Archive {
  readonly suites: readonly string[];
}

/** Parses the one-line format: `deb [signed-by=KEY] URI SUITE COMPONENTS`. */
function parseOneLine(text: string): Entry[] {
  const found: Entry[] = [];
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s/.exec(line.trim());
    if (!match) continue;
    const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
    found.push({ uri: match[2], signedBy, suites: [match[3]] });
  }
  return found;
}

/** Parses the deb822 format: fields (`Types:`, `URIs:`, `Suites:` ...), with an empty line between entries. */
function parseDeb822(text: string): Entry[] {
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
    // The field may hold a path or a whole key. For the latter, apt's own keyrings must do.
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

/** Reads all entries in a folder like /etc/apt. */
function readEntries(folder: string): Entry[] {
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
    // A machine may have only sources.list.
  }
  return [
    ...parseOneLine(read(join(folder, 'sources.list'))),
    ...names.filter((name) => name.endsWith('.list')).flatMap((name) => parseOneLine(read(join(parts, name)))),
    ...names.filter((name) => name.endsWith('.sources')).flatMap((name) => parseDeb822(read(join(parts, name)))),
  ];
}

/**
 * The Debian archives in the package sources of this machine: they hold the other suites, too. The variables
 * MMSPEC_DEBIAN_ARCHIVE and MMSPEC_DEBIAN_SECURITY override them.
 * @throws UsageError if no archive is known.
 */
export function machineArchives(folder = '/etc/apt'): Archives {
  const { MMSPEC_DEBIAN_ARCHIVE: main, MMSPEC_DEBIAN_SECURITY: security } = process.env;
  const unsigned = (uri: string | undefined): Archive | undefined => (uri ? { uri, signedBy: undefined } : undefined);
  const all = readEntries(folder);
  const isSecurity = ({ suites }: Entry) => suites.some((suite) => /-security$/.test(suite));
  const secured = unsigned(security) ?? all.find(isSecurity);
  // An archive that holds the updates of a release holds all releases.
  const release = unsigned(main) ?? all.find(({ suites }) => suites.some((suite) => /^[a-z]+-updates$/.test(suite)));
  const any = release ?? all.find((entry) => !isSecurity(entry) && /\/debian\/?$/.test(entry.uri));
  if (!any)
    throw new UsageError(
      'the package sources of this machine name no Debian archive; set MMSPEC_DEBIAN_ARCHIVE=URI, the URI of an archive',
    );
  return { main: any, security: secured };
}
