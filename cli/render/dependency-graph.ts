import { at, listAt, textAt } from './read-value.ts';
import { oneLine } from './width.ts';

/** One dependency: a release, the key in its chart, the release that it depends on. */
export interface Edge {
  readonly from: string;
  readonly key: string;
  readonly to: string;
  readonly state: string;
  readonly exists: boolean;
}

/** The dependencies of an answer; whether each provider exists is in it, too. */
export function readEdges(graph: unknown): Edge[] {
  const there = new Set(
    listAt(graph, 'nodes').flatMap((node) =>
      (node as { exists?: unknown }).exists === true ? [`${textAt(node, 'namespace')}/${textAt(node, 'name')}`] : [],
    ),
  );
  return listAt(graph, 'edges').map((edge) => ({
    from: textAt(edge, 'from'),
    key: textAt(edge, 'key'),
    to: textAt(edge, 'to'),
    state: textAt(edge, 'state'),
    exists: there.has(textAt(edge, 'to')),
  }));
}

/** What a release needs (`up`) or who needs it (`down`), over any number of steps; both where both are asked for. */
export function around(edges: readonly Edge[], release: string, up: boolean, down: boolean): Edge[] {
  const chosen = new Set<Edge>();
  const follow = (start: 'from' | 'to', end: 'from' | 'to'): void => {
    const rest = [release];
    const seen = new Set(rest);
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      for (const edge of edges) {
        if (edge[start] !== next) continue;
        chosen.add(edge);
        if (!seen.has(edge[end])) rest.push(edge[end]);
        seen.add(edge[end]);
      }
    }
  };
  if (up) follow('from', 'to');
  if (down) follow('to', 'from');
  return edges.filter((edge) => chosen.has(edge));
}

/** The graph in the language of graphviz. */
export function dotText(edges: readonly Edge[]): string {
  const lines = edges.map(
    ({ from, to, key }) => `  ${JSON.stringify(from)} -> ${JSON.stringify(to)} [label=${JSON.stringify(key)}];`,
  );
  return `digraph dependencies {\n${lines.join('\n')}\n}\n`;
}

/** The graph in the language of mermaid. */
export function mermaidText(edges: readonly Edge[]): string {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const id = (name: string) => `r${names.indexOf(name)}`;
  const nodes = names.map((name) => `  ${id(name)}["${oneLine(name).replaceAll('"', "'")}"]`);
  const arrows = edges.map(({ from, to, key }) => `  ${id(from)} -->|${oneLine(key).replaceAll('|', '/')}| ${id(to)}`);
  return `graph LR\n${[...nodes, ...arrows].join('\n')}\n`;
}

/** Providers below their dependents, one line each; what was shown above is not opened again. */
export function treeText(edges: readonly Edge[]): string {
  const needed = new Set(edges.map(({ to }) => to));
  const roots = [...new Set(edges.map(({ from }) => from))].filter((name) => !needed.has(name));
  const seen = new Set<string>();
  const below = (name: string, indent: string): string[] => {
    const own = edges.filter(({ from }) => from === name);
    const isOpened = seen.has(name);
    seen.add(name);
    if (isOpened) return [];
    return own.flatMap((edge, index) => {
      const isLast = index === own.length - 1;
      const missing = edge.exists ? '' : '  (missing)';
      const line = `${indent}${isLast ? '└─ ' : '├─ '}${edge.key}: ${edge.to}  ${edge.state}${missing}`;
      return [oneLine(line), ...below(edge.to, `${indent}${isLast ? '   ' : '│  '}`)];
    });
  };
  return roots
    .flatMap((root) => [oneLine(root), ...below(root, '')])
    .map((line) => `${line}\n`)
    .join('');
}

/** Releases of a project, providers before those that depend on them, otherwise in the given order. */
export function inOrderOfDependencies(releases: readonly unknown[]): unknown[] {
  const byName = new Map(releases.map((release) => [nameOf(release), release]));
  const ordered = new Set<unknown>();
  const onPath = new Set<unknown>();
  const add = (release: unknown): void => {
    // Whatever a server answers: a circle ends where it began.
    if (ordered.has(release) || onPath.has(release)) return;
    onPath.add(release);
    for (const provider of Object.values(at(release, 'dependencies') ?? {})) {
      const name = String(provider);
      const found = byName.get(name.includes('/') ? name : `${textAt(release, 'namespace')}/${name}`);
      if (found !== undefined) add(found);
    }
    ordered.add(release);
  };
  for (const release of releases) add(release);
  return [...ordered];
}

function nameOf(release: unknown): string {
  return `${textAt(release, 'namespace')}/${textAt(release, 'name')}`;
}
