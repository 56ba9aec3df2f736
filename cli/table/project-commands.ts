import { commands, type Flag } from './command.ts';

const file: Flag = {
  name: 'file',
  short: 'f',
  kind: 'text',
  value: 'FILE',
  aliases: ['filename'],
  completer: 'file',
  summary: 'the project, in YAML or JSON; - is standard input',
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
    summary: 'what would make a project what a file says',
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
    summary: 'make a project what a file says',
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
    summary: 'write a project down as the file that apply takes',
    notes: ['YAML, or with -o json the answer of the API. Secrets are *** unless --secrets.'],
    examples: [['walmctl export project shop', 'applied to the same place it changes nothing']],
    arguments: [
      { name: 'project', required: true },
      { name: 'NAME', required: true, completer: 'project' },
    ],
    flags: [{ name: 'secrets', kind: 'switch', summary: 'show secret values, which needs the right to get secrets' }],
  },
]);
