import { commands, type Flag } from './command.ts';
import { allNamespaces, RELEASE, selector } from './shared-flags.ts';

const watch: Flag = { name: 'watch', short: 'w', kind: 'switch', summary: 'show it again whenever it changes' };
const revision: Flag = { name: 'revision', kind: 'number', value: 'N', byDefault: 'the newest', summary: 'revision' };

/** Flags of lists. */
const listFlags: readonly Flag[] = [
  allNamespaces,
  selector,
  { name: 'search', kind: 'text', value: 'TEXT', summary: 'text in name, namespace or chart, ignoring case' },
  { name: 'chart', kind: 'text', value: 'NAME', completer: 'chart', summary: 'only releases of this chart' },
  {
    name: 'ready',
    kind: 'text',
    value: 'BOOL',
    choices: ['true', 'false'],
    summary: 'true: only ready releases; false: only unready',
  },
  {
    name: 'project',
    short: 'p',
    kind: 'text',
    value: 'NAME',
    completer: 'project',
    summary: 'only releases of this project',
  },
  {
    name: 'phase',
    kind: 'text',
    value: 'PHASE,…',
    summary: 'only releases that are changing, progressing, ready, paused or failed',
  },
  {
    name: 'state',
    kind: 'text',
    value: 'STATE',
    choices: ['queued', 'running', 'succeeded', 'failed', 'cancelled'],
    summary: 'only tasks in this state',
  },
  {
    name: 'release',
    kind: 'text',
    value: 'NAME',
    completer: 'release',
    summary: 'only pods or tasks of this release',
  },
  { name: 'node', kind: 'text', value: 'NAME', completer: 'node', summary: 'only pods on this node' },
  watch,
  { name: 'limit', kind: 'number', value: 'N', byDefault: '0 (all)', summary: 'maximum number' },
  { name: 'chunk-size', kind: 'number', value: 'N', byDefault: '500', summary: 'number of items fetched per request' },
  {
    name: 'view',
    kind: 'text',
    value: 'HOW',
    choices: ['names', 'summary', 'full'],
    byDefault: 'names for -o name, summary for tables, else full',
    summary: 'how much of each release to fetch',
  },
];

/** Commands that show something and change nothing. */
export const lookCommands = commands([
  {
    name: 'list',
    aliases: ['ls'],
    group: 'Look',
    summary: 'list releases, projects, tasks, plugins, or objects of the cluster',
    notes: [
      'TYPE is release (the default), project, task or plugin; or node, pod, pvc,',
      "secret, storageclass or tenant. Plurals and kubectl's short names work, too.",
    ],
    examples: [
      ['walmctl list -A', 'releases of all namespaces'],
      ['walmctl list -A --ready=false', 'what is not ready, and why'],
      ['walmctl list -l team=platform', 'releases with a label'],
      ['walmctl list --project shop -o name', 'names of a project, for a script'],
      ['walmctl list --project shop --phase failed,progressing', 'what is left to do in a project'],
      ['walmctl list tasks --state failed', 'changes that failed'],
      ['walmctl list pods --release kafka -o wide', 'pods of a release, and their nodes'],
      ['walmctl list -o json', "the API's answer, as it is"],
    ],
    arguments: [{ name: 'TYPE' }],
    flags: listFlags,
  },
  {
    name: 'get',
    group: 'Look',
    summary: 'show one object or several as a row, or list a type',
    notes: [
      'TYPE as for list; get values, get manifest, get notes and get history are',
      'the commands of these names.',
    ],
    examples: [
      ['walmctl get kafka', 'one release'],
      ['walmctl get release kafka -o yaml', 'everything that is known of it'],
      ["walmctl get kafka -o jsonpath='{.waitingFor[*].reason}'", 'one field for a script'],
      ['walmctl get tasks', 'what is being changed, and what was'],
      ['walmctl get projects -A', 'projects of all namespaces'],
      ['walmctl get nodes', 'how full each node is'],
    ],
    arguments: [{ name: 'TYPE' }, { name: 'NAME', many: true, completer: 'release' }],
    flags: listFlags,
  },
  {
    name: 'status',
    aliases: ['describe'],
    group: 'Look',
    summary: 'how a release is doing, and what it waits for',
    examples: [
      ['walmctl status kafka', 'state, what is awaited, dependencies, newest task'],
      ['walmctl status kafka -w', 'the same, again whenever it changes'],
      ['walmctl status kafka --check -q', 'exit 1 unless it is ready'],
    ],
    arguments: [RELEASE],
    flags: [watch, { name: 'check', kind: 'switch', summary: 'exit 1 unless the release is ready' }],
  },
  {
    name: 'tree',
    group: 'Look',
    summary: 'objects of a release or a project, down to containers',
    notes: [
      'Objects that are ready are counted, the others shown with their reason; releases',
      'of a project in the order of their dependencies.',
    ],
    examples: [
      ['walmctl tree kafka', 'what is not ready, down to containers'],
      ['walmctl tree kafka --all', 'ready objects, too'],
      ['walmctl tree project/shop', 'every release of a project'],
    ],
    arguments: [RELEASE],
    flags: [{ name: 'all', short: 'a', kind: 'switch', summary: 'show ready objects, too' }, watch],
  },
  {
    name: 'deps',
    aliases: ['dependencies'],
    group: 'Look',
    summary: 'which releases depend on which',
    examples: [
      ['walmctl deps', 'dependencies of the namespace'],
      ['walmctl deps zookeeper --down', 'its dependents'],
      ['walmctl deps kafka --up', 'its providers'],
      ['walmctl deps -A -o mermaid', 'the graph for a document; also dot and tree'],
    ],
    arguments: [{ name: 'NAME', completer: 'release' }],
    flags: [
      allNamespaces,
      { name: 'up', kind: 'switch', summary: 'its providers' },
      { name: 'down', kind: 'switch', summary: 'its dependents' },
    ],
  },
  {
    name: 'history',
    group: 'Look',
    summary: 'revisions of a release: who changed it, when and why',
    examples: [
      ['walmctl history kafka', 'the ten newest revisions'],
      ['walmctl history kafka --max 0 -o json', 'all of them'],
    ],
    arguments: [RELEASE],
    flags: [{ name: 'max', kind: 'number', value: 'N', byDefault: '10', summary: 'maximum number; 0 is all' }],
  },
  {
    name: 'diff',
    group: 'Look',
    summary: 'what differs, would be changed, or was changed by hand',
    notes: [
      'Without flags the newest revision is compared with the one before; with content',
      'flags with what an upgrade would make of it, and the releases that would follow.',
      'Exit 0 if nothing differs, 1 if something does, more for errors.',
    ],
    examples: [
      ['walmctl diff kafka --set replicas=3', 'what an upgrade would change, and who would follow'],
      ['walmctl diff kafka --revision 2..4', 'between two revisions'],
      ['walmctl diff kafka --live', 'manual changes (drift)'],
      ['walmctl diff kafka -f values.yaml --summary', 'counts only; exit 1 fails a CI job'],
    ],
    arguments: [{ ...RELEASE }, { name: 'CHART', completer: 'chart' }],
    sets: ['content'],
    flags: [
      {
        name: 'revision',
        kind: 'text',
        value: 'A[..B]',
        summary: 'compare a revision with the one before, or A with B',
      },
      { name: 'live', kind: 'switch', summary: 'compare the live objects with the newest revision' },
      { name: 'summary', kind: 'switch', summary: 'print counts only' },
      { name: 'exit-code', kind: 'switch', byDefault: 'true', summary: 'exit 1 if something differs' },
    ],
  },
  {
    name: 'values',
    group: 'Look',
    summary: 'values of a release, and where each comes from',
    examples: [
      ['walmctl values kafka', "the user's own values"],
      ['walmctl values kafka --all --origin', 'all values, and the layer behind each'],
      ['walmctl values kafka --revision 1', 'those of an earlier revision'],
    ],
    arguments: [RELEASE],
    flags: [
      { name: 'all', short: 'a', kind: 'switch', summary: 'all layers merged, as the templates see them' },
      { name: 'origin', kind: 'switch', summary: 'the layer that each value comes from' },
      revision,
    ],
  },
  {
    name: 'manifest',
    group: 'Look',
    summary: 'objects of a release as recorded',
    examples: [
      ['walmctl manifest kafka', 'YAML documents; secrets are ***'],
      ['walmctl manifest kafka --revision 1 --hooks', "with the chart's hooks"],
    ],
    arguments: [RELEASE],
    flags: [revision, { name: 'hooks', kind: 'switch', summary: "the chart's hooks, too" }],
  },
  {
    name: 'notes',
    group: 'Look',
    summary: "the chart's notes for a release",
    examples: [['walmctl notes kafka', 'NOTES.txt, rendered']],
    arguments: [RELEASE],
    flags: [revision],
  },
]);
