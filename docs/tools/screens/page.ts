import { stripVTControlCharacters } from 'node:util';
import { commandLine } from '../../../src/common/shell.ts';
import { reportText } from '../../../src/output/report/text/index.ts';
import { SCREENS, type Screen } from './runs.ts';
import { answerTo, WRONG_INPUTS } from './wrong-inputs.ts';

/** Makes `docs/screens.md` and the files that it shows. `npm run docs` writes them. */

/** Widths of the terminals, in characters. The page shows the first. */
const WIDTHS = [80, 120];

/** A file, by its path from the folder of the checkout. */
export interface Written {
  readonly path: string;
  readonly text: string;
}

const screenPath = (name: string, width: number): string => `screens/${name}-${width}.txt`;
const WRONG_INPUTS_PATH = 'screens/wrong-inputs.txt';
const PAGE_PATH = 'docs/screens.md';

/** The paths of the files of a screen, from the folder of the checkout. */
export const pathsOf = ({ name }: Screen): string[] => WIDTHS.map((width) => `docs/${screenPath(name, width)}`);

const block = (text: string): string => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

/** The report of a run on terminals of all widths. Makes the run. */
export async function screensOf(screen: Screen): Promise<Written[]> {
  const { command, report } = screen;
  const made = await report();
  const paths = pathsOf(screen);
  return WIDTHS.map((width, i) => ({
    path: paths[i],
    text: `$ ${command}\n${stripVTControlCharacters(reportText(made, { width }))}`,
  }));
}

/** The answers to wrong inputs, in one file. */
export async function wrongInputs(): Promise<Written> {
  const answers: string[] = [];
  for (const args of WRONG_INPUTS) answers.push(`$ ${commandLine(...args)}\n${await answerTo(args)}\n`);
  return { path: `docs/${WRONG_INPUTS_PATH}`, text: answers.join('\n') };
}

const section = ({ name, title, about }: Screen, text: string): string =>
  [
    `## ${title}`,
    about,
    block(text),
    `The same on a terminal of ${WIDTHS[1]} characters: [${name}-${WIDTHS[1]}.txt](${screenPath(name, WIDTHS[1])}).`,
  ].join('\n\n');

/** The page and all files that it shows. Every run took 12 seconds, so that the texts are always the same. */
export async function screensPage(): Promise<Written[]> {
  const files: Written[] = [];
  const sections: string[] = [];
  for (const screen of SCREENS) {
    const screens = await screensOf(screen);
    files.push(...screens);
    sections.push(section(screen, screens[0].text));
  }
  const wrong = await wrongInputs();
  const page = [
    '# What the terminal shows',
    '<!-- `npm run docs` writes this file and docs/screens/. Do not edit it. -->',
    'A report says what ran, which clauses held, what was not tested, and each violation. It ends with a summary that ' +
      'suffices to act. `--verbose` adds the table of all clauses, `--quiet` leaves only the summary. The screens are those of ' +
      'terminals of 80 characters, as if every run had taken 12 seconds.',
    ...sections,
    '## Wrong inputs',
    'An error says what was wrong, what was perhaps meant, what exists, and which command lists it all.',
    block(wrong.text),
  ];
  return [...files, wrong, { path: PAGE_PATH, text: `${page.join('\n\n')}\n` }];
}
