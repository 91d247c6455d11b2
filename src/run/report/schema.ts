/** Checks data against a JSON schema: the part of the language that `schema/report.schema.json` uses. */

export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  /** Properties that are not listed. `false` is ignored: a newer version may have added some. */
  readonly additionalProperties?: Schema | boolean;
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
};

/** What a single value should be, if it is something else. */
function expected(value: unknown, schema: Schema): string | undefined {
  const { type, minimum, maximum, pattern } = schema;
  const found = typeOf(value);
  if (type !== undefined && found !== type && !(type === 'number' && found === 'integer')) return article(type);
  if (schema.enum && !schema.enum.includes(value)) return `one of ${schema.enum.join(', ')}`;
  if (minimum !== undefined && (value as number) < minimum) return `at least ${minimum}`;
  if (maximum !== undefined && (value as number) > maximum) return `at most ${maximum}`;
  if (pattern !== undefined && !new RegExp(pattern).test(value as string)) return `a text of the form ${pattern}`;
  return undefined;
}

/**
 * Says what is wrong with a value, in words: `findings[0].step: expected an integer, found "x"`. Undefined if it is as the
 * schema says.
 * @param at the name of the value, '' for the whole.
 */
export function problemOf(value: unknown, schema: Schema, at = ''): string | undefined {
  const wanted = expected(value, schema);
  if (wanted !== undefined) return `${at || 'the report'}: expected ${wanted}, found ${shown(value)}`;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const problem = schema.items && problemOf(item, schema.items, `${at}[${i}]`);
      if (problem !== undefined) return problem;
    }
  } else if (value !== null && typeof value === 'object') return problemOfObject(value, schema, at);
  return undefined;
}

function problemOfObject(value: object, schema: Schema, at: string): string | undefined {
  const missing = schema.required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${at || 'the report'}: expected ${missing}, which is missing`;
  const properties = new Map(Object.entries(schema.properties ?? {}));
  for (const [name, one] of Object.entries(value)) {
    const path = at === '' ? name : `${at}.${name}`;
    const other = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
    const problem =
      (schema.propertyNames && problemOf(name, schema.propertyNames, path)) ??
      problemOf(one, properties.get(name) ?? other, path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
