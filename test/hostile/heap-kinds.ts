/** One kind of object in a heap: how many there are, and their own bytes without what they refer to. */
export interface HeapKind {
  count: number;
  bytes: number;
}

/** The fields of a V8 heap snapshot that are read here. */
interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}

/** Kinds whose names are contents: each text, number or piece of code would be a kind of its own. */
const NAMELESS = new Set(['string', 'concatenated string', 'sliced string', 'number', 'bigint', 'code', 'regexp']);

/** The content of a heap, by kind: V8's type and, for objects and closures, their name. */
export function heapKinds({ snapshot, nodes, strings }: Snapshot): Map<string, HeapKind> {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  const kinds = new Map<string, HeapKind>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const typeName = types[0][nodes[at + type] ?? 0] ?? '';
    const label = NAMELESS.has(typeName) ? typeName : `${typeName} ${strings[nodes[at + name] ?? 0]?.slice(0, 60)}`;
    const kind = kinds.get(label) ?? { count: 0, bytes: 0 };
    kind.count += 1;
    kind.bytes += nodes[at + size] ?? 0;
    kinds.set(label, kind);
  }
  return kinds;
}

/** The kinds that a later heap has more of, the most bytes first. */
export function grownKinds(
  before: ReadonlyMap<string, HeapKind>,
  after: ReadonlyMap<string, HeapKind>,
): [kind: string, more: HeapKind][] {
  return [...after]
    .map(([kind, { count, bytes }]): [string, HeapKind] => {
      const was = before.get(kind) ?? { count: 0, bytes: 0 };
      return [kind, { count: count - was.count, bytes: bytes - was.bytes }];
    })
    .filter(([, { bytes }]) => bytes > 0)
    .toSorted(([, a], [, b]) => b.bytes - a.bytes);
}
