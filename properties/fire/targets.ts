import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapterFile } from '../support/adapters.ts';
import type { Behaviour } from './behaviours.ts';
import { hostile } from './kit.ts';
import { type ResetAt, resettingServer } from './sockets.ts';

/** A target that does harm, ready to be tested. */
export interface HostileTarget {
  /** Its specification. */
  readonly spec: string;
  /** Variables for the kit. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends what the test itself started for it. */
  readonly end?: () => void;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Makes the target of a row. `cwd`: an empty folder. */
export async function hostileTarget({ name, kind, after = 3 }: Behaviour, cwd: string): Promise<HostileTarget> {
  switch (kind) {
    case 'library': {
      const library = join(cwd, 'hostile.so');
      const flags = ['-shared', '-fPIC', `-D${name}`, `-I${dirname(adapterFile('mmspec.h'))}`];
      execFileSync('cc', [...flags, '-o', library, here('library.c')]);
      return { spec: `ffi:${library}` };
    }
    case 'module': {
      const file = join(cwd, 'hostile.ts');
      const source = JSON.stringify(here('module.ts'));
      writeFileSync(file, `import { hostileModule } from ${source};\nexport default hostileModule('${name}');\n`);
      // A target that allocates without end must not take the memory of the machine.
      return { spec: file, env: { NODE_OPTIONS: '--max-old-space-size=128' } };
    }
    case 'socket': {
      if (name === 'refuses') return { spec: `unix:${join(cwd, 'nobody')}` };
      const { server, target } = await resettingServer(name as ResetAt);
      return { spec: target, end: () => server.close() };
    }
    default:
      return { spec: `exec:${hostile(name, after)}` };
  }
}
