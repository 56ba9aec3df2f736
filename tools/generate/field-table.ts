/** A schema of the contract, as far as a table of fields needs it. */
interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly $id?: string;
}

/** One field of a JSON document: its path (`roles[].name`), its type, and its meaning. */
export interface FieldRow {
  readonly path: string;
  readonly kind: string;
  readonly description: string;
}

/** Every field of a schema, in order; fields of nested objects and list entries follow their parent. */
export function fieldRows(schema: object, prefix = ''): FieldRow[] {
  const { properties = {} } = schema as FieldSchema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = prefix + name;
    const { inner, brackets } = innermost(field);
    const description = describe(field);
    return [{ path, kind: kindOf(field), description }, ...fieldRows(inner, `${path}${brackets}.`)];
  });
}

/** The rows as a Markdown table. Throws if a field has no description. */
export function fieldTable(rows: readonly FieldRow[]): string {
  const silent = rows.filter(({ description }) => description === '').map(({ path }) => path);
  if (silent.length > 0) {
    throw new Error(`these fields have no description in the contract: ${silent.join(', ')}`);
  }
  const lines = rows.map(({ path, kind, description }) => `| \`${path}\` | ${kind} | ${description} |`);
  return ['| field | | |', '| --- | --- | --- |', ...lines].join('\n');
}

/** Description of a field: its own, that of its entries, or that of its alternatives. */
function describe({ description, items, anyOf = [] }: FieldSchema): string {
  const inner = [...(items === undefined ? [] : [items]), ...anyOf];
  return description ?? inner.map((one) => describe(one)).find((text) => text !== '') ?? '';
}

/** The object within lists and `or null`. */
function innermost(field: FieldSchema): { inner: FieldSchema; brackets: string } {
  const objects = field.anyOf?.filter(({ type }) => type === 'object' || type === 'array') ?? [];
  const [only] = objects;
  if (only !== undefined && objects.length === 1) {
    return innermost(only);
  }
  if (field.items !== undefined) {
    const { inner, brackets } = innermost(field.items);
    return { inner, brackets: `[]${brackets}` };
  }
  return { inner: field, brackets: '' };
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
};

function kindOf(field: FieldSchema): string {
  const { anyOf, items, type, minimum, maximum, maxItems, maxProperties } = field;
  if (anyOf !== undefined) {
    return [...new Set(anyOf.map((choice) => kindOf(choice)))].join(' or ');
  }
  if (field.const !== undefined) {
    return `\`${JSON.stringify(field.const).replaceAll('"', '')}\``;
  }
  if (items !== undefined) {
    return `list of ${kindOf(items)}${maxItems === undefined ? '' : `, at most ${maxItems}`}`;
  }
  const bounds = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ...(maxProperties === undefined ? [] : [`at most ${maxProperties} entries`]),
  ];
  return [KINDS[type ?? ''] ?? 'any JSON value', ...bounds].join(', ');
}
