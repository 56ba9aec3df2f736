import { parseExact } from '../../contract/exact-json.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { around, dotText, mermaidText, readEdges, treeText } from '../render/dependency-graph.ts';
import { numberAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';

/** Which releases depend on which: all of a namespace, or those around one release. */
export const deps: CommandRun = async (session) => {
  const { line, output } = session;
  const format = output.format(['tree', 'dot', 'mermaid']);
  const walm = await session.walm();
  const named = line.words.length === 0 ? undefined : oneRelease(line.words);
  const namespace = named?.namespace ?? (await session.namespace());
  const query = line.on('all-namespaces') ? {} : { namespace };
  const { text } = await walm.call('getDependencies', { query });
  const isData = format.kind === 'json' || format.kind === 'yaml' || format.kind === 'jsonpath';
  if (isData && (await output.data(text))) return EXIT.done;
  const graph = parseExact(text);
  const both = line.on('up') === line.on('down');
  const all = readEdges(graph);
  const edges =
    named === undefined
      ? all
      : around(all, `${namespace}/${named.name}`, both || line.on('up'), both || line.on('down'));
  const hidden = numberAt(graph, 'hidden');
  if (hidden > 0) output.note(`${hidden} dependencies of releases that you may not list are not shown`);
  if (format.kind === 'own') {
    const write = { tree: treeText, dot: dotText, mermaid: mermaidText }[format.name as 'tree' | 'dot' | 'mermaid'];
    output.text(write(edges));
    return EXIT.done;
  }
  if (edges.length === 0) output.note('no dependencies');
  else {
    const rows = edges.map(({ from, key, to, state, exists }) => [from, key, exists ? to : `${to} (missing)`, state]);
    output.table(['FROM', 'KEY', 'TO', 'STATE'], rows);
  }
  return EXIT.done;
};
