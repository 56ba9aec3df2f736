import { commands, type Flag } from './command.ts';
import { RELEASE } from './shared-flags.ts';

const file: Flag = {
  name: 'file',
  short: 'f',
  kind: 'text',
  value: 'FILE',
  aliases: ['filename'],
  completer: 'file',
  summary: 'projects and releases, in YAML or JSON; - is standard input',
};
const planning: readonly Flag[] = [
  {
    name: 'project',
    short: 'p',
    kind: 'text',
    value: 'NAME',
    byDefault: 'that of the file',
    completer: 'project',
    summary: 'name of the project',
  },
  { name: 'prune', kind: 'switch', summary: 'remove releases that the file does not name' },
  { name: 'delete-pvcs', kind: 'switch', summary: 'delete the claims of removed releases: their data is lost' },
  { name: 'allow-missing', kind: 'switch', summary: 'accept dependencies that do not exist' },
];

/** Commands that bring whole projects to what a file says. */
export const projectCommands = commands([
  {
    name: 'plan',
    group: 'Change',
    summary: 'what would make projects and releases what a file says',
    notes: ['+ install, ~ upgrade, - remove, . unchanged; the number is the wave.'],
    examples: [
      ['walmctl plan -f shop.yaml', 'each release, and why it would change'],
      ['walmctl plan -f shop.yaml --out shop.plan', 'kept for walmctl apply --plan'],
      ['walmctl plan -f shop.yaml --exit-code -q', 'exit 1 if anything would change'],
    ],
    flags: [
      file,
      ...planning,
      {
        name: 'out',
        kind: 'text',
        value: 'FILE',
        completer: 'file',
        summary: 'keep the plan; secrets in it are those of the file',
      },
      { name: 'exit-code', kind: 'switch', byDefault: 'false', summary: 'exit 1 if something would change' },
    ],
  },
  {
    name: 'apply',
    group: 'Change',
    summary: 'make projects and releases what a file says',
    notes: [
      'The plan is shown, on a terminal with a question, and exactly that plan is',
      'carried out. The same command again does what is left. Releases that the file',
      'does not name stay, unless --prune is given; then a script needs --yes.',
    ],
    examples: [
      ['walmctl apply -f shop.yaml', 'install and upgrade what differs'],
      ['walmctl apply -f shop.yaml --prune', 'and remove what the file does not name'],
      ['walmctl apply --plan shop.plan', 'a plan that was looked at before'],
    ],
    sets: ['change'],
    without: ['expected-revision'],
    flags: [
      file,
      { name: 'plan', kind: 'text', value: 'FILE', completer: 'file', summary: 'a plan that walmctl plan --out wrote' },
      ...planning,
      {
        name: 'on-failure',
        kind: 'text',
        value: 'HOW',
        byDefault: 'stop',
        choices: ['stop', 'rollback'],
        summary: 'stop, or roll back what was done',
      },
      { name: 'dry-run', kind: 'switch', summary: 'show the plan and change nothing' },
    ],
  },
  {
    name: 'export',
    group: 'Move',
    summary: 'write releases or projects down as a file for apply',
    notes: [
      'YAML, or JSON with -o json. Applied to the same place it changes nothing.',
      'Secrets are ***, which leaves them as they are, unless --secrets.',
    ],
    examples: [
      ['walmctl export kafka', 'a release'],
      ['walmctl export project/shop', 'a project with its releases'],
      ['walmctl export --all --charts charts', 'a namespace, and charts that no repository has'],
    ],
    arguments: [{ name: 'TYPE' }, { name: 'NAME', completer: 'release' }],
    flags: [
      { name: 'all', kind: 'switch', summary: 'all projects and releases of the namespace' },
      { name: 'secrets', kind: 'switch', summary: 'show secret values, which needs the right to get secrets' },
      {
        name: 'charts',
        kind: 'text',
        value: 'FOLDER',
        completer: 'file',
        summary: 'save charts that no repository has',
      },
    ],
  },
  {
    name: 'sync',
    group: 'Move',
    summary: 'copy a release and its chart to another server, or into a folder',
    notes: [
      'The chart goes along as it is kept here. Secret values stay; the release must',
      'get them there, with --set-file or its own file. Without --to it is saved.',
    ],
    examples: [
      ['walmctl sync old --to staging', 'to the server of a context'],
      ['walmctl sync old --to staging --dry-run', 'what that would change there'],
      ['walmctl sync old --save backup', 'backup/demo_old/request.yaml and chart.tgz'],
    ],
    arguments: [RELEASE],
    sets: ['change'],
    without: ['expected-revision', 'force'],
    flags: [
      { name: 'to', kind: 'text', value: 'CONTEXT', completer: 'context', summary: 'context of the other server' },
      { name: 'target-server', kind: 'text', value: 'URL', summary: 'the other server, without a credential' },
      { name: 'to-namespace', kind: 'text', value: 'NAME', byDefault: 'the same', summary: 'namespace there' },
      {
        name: 'save',
        kind: 'text',
        value: 'FOLDER',
        byDefault: 'walm-sync',
        completer: 'file',
        summary: 'write request and chart below this folder',
      },
      { name: 'create-namespace', kind: 'switch', summary: 'create the namespace there if it does not exist' },
      { name: 'allow-missing', kind: 'switch', summary: 'accept dependencies that do not exist there' },
      { name: 'dry-run', kind: 'switch', summary: 'preview, change nothing' },
    ],
  },
]);
