import type { Command, CommandGroup, Flag } from '../table/command.ts';
import { commandTable, ownFlags } from '../table/command-table.ts';
import { commonFlags } from '../table/common-flags.ts';

const WIDTH = 80;
/** Where the meanings of flags begin. */
const FLAG_COLUMN = 30;

/** The groups in the order of the overview; none can be forgotten. */
const GROUPS = Object.keys({
  Change: 1,
  Look: 1,
  Follow: 1,
  'Take over': 1,
  Tasks: 1,
  Charts: 1,
  Move: 1,
  Cluster: 1,
  Settings: 1,
} satisfies Record<CommandGroup, 1>);

/** The overview: what `walmctl` and `walmctl --help` print. */
export function overview(): string {
  const groups = GROUPS.map((group) => {
    const names = commandTable.flatMap((command) => (command.group === group ? [command.name] : []));
    const types = group === 'Cluster' ? 'get nodes|pods|pvcs|secrets|tenants  ' : '';
    return wrap(`${group.padEnd(12)}${types}${groupNames(names)}`, 12);
  });
  return [
    'walmctl: applications on Kubernetes, over Helm',
    '  walmctl list -A                                  what runs, and how it is doing',
    '  walmctl install zk examples/zookeeper --wait     install, wait until it is ready',
    '  walmctl status zk                                what it waits for',
    '  walmctl diff zk --set replicas=3                 what an upgrade would change',
    ...groups,
    'A command takes [TYPE] NAME; without TYPE it is a release: NAME, NAMESPACE/NAME,',
    'project/NAME, task/ID. walmctl COMMAND --help shows examples and all its flags;',
    'walmctl help flags, exit-codes, files, environment.',
    'Coming from helm: uninstall, get values, list -A, upgrade -i and --set work.',
    '',
  ].join('\n');
}

/** `config view`, `config use-context` become `config`. */
function groupNames(names: readonly string[]): string {
  return [...new Set(names.map((name) => name.split(' ')[0] ?? name))].join(' ');
}

/** The help of a command: examples first, then its own flags with their defaults. */
export function commandHelp(command: Command): string {
  const words = (command.arguments ?? []).map(({ name, required, many }) => {
    const word = many === true ? `${name}…` : name;
    return required === true ? word : `[${word}]`;
  });
  const usage = ['walmctl', command.name, ...words, '[flags]'].join(' ');
  const flags = ownFlags(command);
  const aliases = command.aliases === undefined ? [] : [`also: ${command.aliases.join(', ')}`];
  return [
    `walmctl ${command.name}: ${command.summary}`,
    ...exampleLines(command),
    ...(command.notes ?? []),
    `usage: ${usage}`,
    ...aliases,
    ...(flags.length === 0 ? [] : ['flags (walmctl help flags: those of every command)', ...flags.flatMap(flagLines)]),
    '',
  ].join('\n');
}

function exampleLines({ examples }: Command): string[] {
  const column = Math.min(52, Math.max(...examples.map(([line]) => line.length)) + 2);
  return examples.flatMap(([line, meaning]) =>
    line.length + 2 > column || column + meaning.length + 3 > WIDTH
      ? [`  ${line}`, `      ${meaning}`]
      : [`  ${line.padEnd(column)} ${meaning}`],
  );
}

/** How a flag is written in the help: its short name, its name and its value. */
export function flagUsage(flag: Flag): string {
  const short = flag.short === undefined ? '' : `-${flag.short} `;
  const name = flag.kind === 'switch' && flag.byDefault === 'true' ? `[no-]${flag.name}` : flag.name;
  const value = flag.kind === 'switch' || flag.kind === 'count' ? '' : ` ${flag.value ?? 'VALUE'}`;
  return `${short}--${name}${value}`;
}

function flagLines(flag: Flag): string[] {
  const usage = `  ${flagUsage(flag)}`;
  const byDefault = flag.byDefault === undefined || flag.kind === 'switch' ? '' : ` (${flag.byDefault})`;
  const isShown = flag.kind === 'switch' && flag.byDefault !== undefined ? ` (${flag.byDefault})` : byDefault;
  const text = wrap(`${usage.padEnd(FLAG_COLUMN)}${flag.summary}${isShown}`, FLAG_COLUMN);
  return usage.length >= FLAG_COLUMN
    ? [usage, wrap(`${' '.repeat(FLAG_COLUMN)}${flag.summary}${isShown}`, FLAG_COLUMN)]
    : [text];
}

/** Breaks a line between words so that it fits; further lines are indented. */
function wrap(line: string, indent: number): string {
  if (line.length <= WIDTH) return line;
  const at = line.lastIndexOf(' ', WIDTH);
  if (at <= indent) return line;
  return `${line.slice(0, at)}\n${wrap(`${' '.repeat(indent)}${line.slice(at + 1)}`, indent)}`;
}

/** Pages of `walmctl help` that are about no command. */
export const SUBJECTS: Readonly<Record<string, () => string>> = {
  flags: () => ['Flags of every command', ...commonFlags.flatMap(flagLines), ''].join('\n'),
  'exit-codes': () => EXIT_CODES,
  files: () => FILES,
  environment: () => ENVIRONMENT,
};

const EXIT_CODES = `Exit codes
  0    done; nothing to do; diff: the same; an empty list
  1    negative result: diff found differences, status --check is not ready,
       a test failed, a prompt was declined
  2    the command line or a file cannot be used
  3    refused by the server: the code in brackets says why
  4    not found
  5    not signed in, or not allowed
  6    server, cluster or repository not reached, or not ready
  7    timeout: the task carries on
  8    accepted but failed: task failed or cancelled, or it cannot become ready
  9    walmctl failed unexpectedly: please report the text
  130  Ctrl-C: the task carries on      141  closed pipe      143  terminated
For several objects the highest code counts.
`;

const FILES = `Files
  -f FILE takes YAML or JSON, may be repeated, and - is standard input. What a
  file is, is decided from its keys:
    a request   chartName, chartImage, repoName, chartVersion, configValues,
                metaInfoParams, releaseLabels (and only fields of requests)
    values      no field of a request, or at least one other key, and none above
  In doubt use --request FILE or --values FILE.
  Later wins: configValues of the request, files of values from left to right,
  the --set* flags from left to right.
Settings
  $XDG_CONFIG_HOME/walm/walmctl.yaml (or ~/.config/walm/walmctl.yaml), made by
  walmctl config set-context.
`;

const ENVIRONMENT = `Environment
  WALMCTL_CONFIG       settings file
  WALMCTL_CONTEXT      context            WALMCTL_NAMESPACE    namespace
  WALMCTL_SERVER       server; also WALMSERVER, WALM_HOST
  WALMCTL_TOKEN        bearer token       WALMCTL_TOKEN_FILE   file with it
  WALMCTL_CA_FILE      certificates; also ROOTCA
  WALMCTL_OUTPUT       -o                 WALMCTL_PAGER, PAGER
  KUBECONFIG           where a context takes kubectl's credential from
  HTTPS_PROXY HTTP_PROXY NO_PROXY         proxies; never used for this machine
  NO_COLOR CLICOLOR_FORCE FORCE_COLOR     colours
`;
