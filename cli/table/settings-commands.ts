import { commands, type Argument } from './command.ts';

const CONTEXT: Argument = { name: 'NAME', required: true, completer: 'context' };

/** Commands about walmctl itself and the server. */
export const settingsCommands = commands([
  {
    name: 'config view',
    group: 'Settings',
    summary: 'show the settings file, without secrets',
    examples: [['walmctl config view', 'the file, and where it is']],
  },
  {
    name: 'config get-contexts',
    aliases: ['config contexts'],
    group: 'Settings',
    summary: 'list the contexts',
    examples: [['walmctl config get-contexts', 'the present one is marked']],
  },
  {
    name: 'config current-context',
    group: 'Settings',
    summary: 'print the name of the current context',
    examples: [['walmctl config current-context', 'for scripts']],
  },
  {
    name: 'config use-context',
    group: 'Settings',
    summary: 'choose the context of further commands',
    examples: [['walmctl config use-context local', 'from now on']],
    arguments: [CONTEXT],
  },
  {
    name: 'config set-context',
    group: 'Settings',
    summary: 'create or change a context',
    notes: ['-n, -s, --ca-file and --token-file are kept in the context.'],
    examples: [
      ['walmctl config set-context local -n demo', 'a namespace to work in'],
      ['walmctl config set-context local -s http://127.0.0.1:9999 -n demo', 'a server, a namespace'],
      ['walmctl config set-context --current -n shop', 'another namespace'],
      ['walmctl config set-context prod -s https://walm.example.com --kubeconfig-context prod', "kubectl's credential"],
    ],
    arguments: [{ ...CONTEXT, required: false }],
    flags: [
      { name: 'current', kind: 'switch', summary: 'the current context, instead of its NAME' },
      { name: 'kubeconfig', kind: 'text', value: 'FILE', completer: 'file', summary: 'take the credential from here' },
      { name: 'kubeconfig-context', kind: 'text', value: 'NAME', summary: 'context of that file' },
      { name: 'exec', kind: 'text', value: 'COMMAND', summary: 'command that prints a token' },
      { name: 'allow-http', kind: 'switch', summary: 'send the credential to another machine without TLS' },
    ],
  },
  {
    name: 'config delete-context',
    group: 'Settings',
    summary: 'forget a context',
    examples: [['walmctl config delete-context old', 'nothing else is changed']],
    arguments: [CONTEXT],
  },
  {
    name: 'auth status',
    aliases: ['auth whoami'],
    group: 'Settings',
    summary: 'who one is, at which server, and by which credential',
    notes: ['Exit 5 if the server wants a credential and does not accept this one.'],
    examples: [['walmctl auth status', 'user and groups, as the cluster tells them']],
  },
  {
    name: 'auth can-i',
    group: 'Settings',
    summary: 'may this be done, and which right is missing',
    notes: [
      'VERB is a command; TYPE is release (the default), project, task or plugin.',
      'Exit 1 if it is not allowed.',
    ],
    examples: [
      ['walmctl auth can-i install', 'in the namespace'],
      ['walmctl auth can-i delete project -n shop', 'in another one'],
      ['walmctl auth can-i list -A', 'in all namespaces at once'],
    ],
    arguments: [{ name: 'VERB', required: true, completer: 'command' }, { name: 'TYPE' }],
    flags: [{ name: 'all-namespaces', short: 'A', kind: 'switch', summary: 'in all namespaces at once' }],
  },
  {
    name: 'doctor',
    group: 'Settings',
    summary: "check the connection, the credential and the server's health",
    notes: ['Exit 6 if anything is unhealthy or cannot be reached.'],
    examples: [
      ['walmctl doctor', 'address, proxy, credential, versions, parts of the server'],
      ['walmctl doctor -o json', "the server's status, as the API has it"],
    ],
  },
  {
    name: 'version',
    group: 'Settings',
    summary: 'versions of walmctl and of the server',
    examples: [
      ['walmctl version', 'both'],
      ['walmctl version --client', 'without asking the server'],
    ],
    flags: [{ name: 'client', kind: 'switch', summary: 'do not ask the server' }],
  },
  {
    name: 'completion',
    group: 'Settings',
    summary: 'print a completion script for a shell',
    notes: [
      'bash: source <(walmctl completion bash)     zsh: the same with zsh',
      'fish: walmctl completion fish | source',
    ],
    examples: [
      ['walmctl completion bash', 'works offline'],
      ['walmctl completion zsh', 'for zsh'],
    ],
    arguments: [{ name: 'SHELL', required: true }],
  },
  {
    name: 'api',
    group: 'Settings',
    summary: 'send a request of the API that has no command',
    examples: [
      ['walmctl api GET /api/v1/chart/repolist', 'the body as it is'],
      ['walmctl api POST /api/v1/release/demo/dryrun -f request.json --query diff=true', 'with a body and a query'],
      ['walmctl api GET /api/v1/release --paginate', 'all pages as one list'],
    ],
    arguments: [
      { name: 'METHOD', required: true },
      { name: 'PATH', required: true },
    ],
    flags: [
      {
        name: 'file',
        short: 'f',
        kind: 'text',
        value: 'FILE',
        completer: 'file',
        summary: 'the body; - is standard input',
      },
      { name: 'query', kind: 'list', value: 'K=V', summary: 'a parameter of the query' },
      { name: 'paginate', kind: 'switch', summary: 'fetch all pages of a list' },
    ],
  },
  {
    name: 'help',
    group: 'Settings',
    summary: 'help on a command or a subject',
    examples: [
      ['walmctl help install', 'a command'],
      ['walmctl help flags', 'flags of every command'],
      ['walmctl help exit-codes', 'also: files, environment'],
    ],
    arguments: [{ name: 'COMMAND', many: true, completer: 'command' }],
  },
]);
