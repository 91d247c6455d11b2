import { STYLE } from '../../../src/output/report/html/style.ts';
import { RUN_STYLE } from '../../../src/output/report/html/style-run.ts';

/** The style of the site: that of the report, and that of running text. */
export const SITE_STYLE = `${STYLE}${RUN_STYLE}
.site ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0 0 0.75rem; list-style: none; border-bottom: 1px solid var(--line); }
.site a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
.sentence { font-size: 1.1rem; }
.prose { max-width: 62rem; } .prose h1 { margin: 1rem 0; } .prose h3 { margin: 2rem 0 0.5rem; } .prose h4 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
.prose table { display: block; overflow-x: auto; border-collapse: collapse; } .prose th, .prose td { padding: 0.3rem 0.75rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
.prose blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 4px solid var(--line); }
`;
