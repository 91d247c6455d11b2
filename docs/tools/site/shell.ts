import { escaped } from '../../../src/output/report/html/markup.ts';

/** A page of the site. */
export interface Page {
  /** Path within the site: `docs/contract.html`. */
  readonly path: string;
  readonly title: string;
  /** The content of `main`, as HTML. */
  readonly body: string;
}

/** The way from a page to the top of the site: `../` for each folder. */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 1);

/** The pages that each page links to, by path. */
const NAVIGATION = [
  ['index.html', 'mmspec'],
  ['clause/index.html', 'Clauses'],
  ['docs/contract.html', 'Contract'],
  ['docs/matrix.html', 'Kernels'],
  ['docs/testing-your-implementation.html', 'Test yours'],
  ['ARCHITECTURE.html', 'Architecture'],
] as const;

/** A page as a complete HTML document. It refers to the style and the script at the top of the site. */
export function documentOf({ path, title, body }: Page): string {
  const up = upFrom(path);
  const links = NAVIGATION.map(([to, name]) => {
    const here = to === path ? ' aria-current="page"' : '';
    return `<li><a href="${up}${to}"${here}>${name}</a></li>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${up}style.css">
</head>
<body>
<nav class="site" aria-label="site"><ul>${links.join('')}</ul></nav>
<main>
${body}
</main>
<script src="${up}script.js"></script>
</body>
</html>
`;
}
