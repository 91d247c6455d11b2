import { printable } from '../../common/printable.ts';
import { Markup, templatesOf } from './markup.ts';

/** XML 1.0. */
export type Xml = Markup<'xml'>;

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Templates of XML. Characters that XML does not allow become visible. */
export const xml = templatesOf('xml', (text) =>
  printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (c) => NAMED[c]),
);

/** The text of a document. */
export const documentOf = (body: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${body.text}`;

/** No element. */
export const NO_XML: Xml = new Markup('xml', '');
