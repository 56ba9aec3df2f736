import { commands, type Argument, type Flag } from './command.ts';

const NODE: readonly Argument[] = [
  { name: 'node', required: true },
  { name: 'NAME', required: true, completer: 'node' },
  { name: 'KEY=VALUE', many: true },
];
const marking: readonly Flag[] = [
  { name: 'overwrite', kind: 'switch', summary: 'change values that are there' },
  { name: 'dry-run', kind: 'switch', summary: 'preview, change nothing' },
];

/** Commands that change objects of the cluster, with the rights of the caller. */
export const clusterCommands = commands([
  {
    name: 'label',
    group: 'Cluster',
    summary: 'set and remove labels of a node',
    notes: ['KEY- removes a label. Pods that select nodes by labels may stay unscheduled.'],
    examples: [
      ['walmctl label node sandbox-0 disk=ssd', 'set a label'],
      ['walmctl label node sandbox-0 disk-', 'remove it'],
    ],
    arguments: NODE,
    flags: marking,
  },
  {
    name: 'annotate',
    group: 'Cluster',
    summary: 'set and remove annotations of a node',
    notes: ['KEY- removes an annotation.'],
    examples: [['walmctl annotate node sandbox-0 owner=ann', 'set an annotation']],
    arguments: NODE,
    flags: marking,
  },
  {
    name: 'create secret',
    group: 'Cluster',
    summary: 'create a Secret of texts and files',
    notes: ['What stands on the line stays in the history of the shell: prefer --from-file.'],
    examples: [['walmctl create secret login --from-file password=./password', 'of a file']],
    arguments: [{ name: 'NAME', required: true }],
    flags: [
      { name: 'from-literal', kind: 'list', value: 'KEY=TEXT', summary: 'a value; may be repeated' },
      {
        name: 'from-file',
        kind: 'list',
        value: '[KEY=]FILE',
        completer: 'file',
        summary: 'a text file as a value; - is standard input',
      },
      { name: 'type', kind: 'text', value: 'TYPE', byDefault: 'Opaque', summary: 'type of the Secret' },
    ],
  },
  {
    name: 'create tenant',
    group: 'Cluster',
    summary: 'create a tenant: a namespace with a quota',
    notes: ['Containers without limits get those of a LimitRange.'],
    examples: [['walmctl create tenant team-a --hard cpu=4,memory=8Gi,pods=20', 'with a quota']],
    arguments: [{ name: 'NAME', required: true }],
    flags: [
      { name: 'hard', kind: 'list', value: 'NAME=AMOUNT,…', summary: 'limits, such as cpu, memory, limits.cpu, pods' },
      { name: 'label', kind: 'list', value: 'KEY=VALUE', summary: 'label of the namespace; may be repeated' },
    ],
  },
]);
