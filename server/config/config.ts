import { readFileSync } from 'node:fs';
import { isLoopbackHost } from '../domain/access/loopback.ts';
import { parseConfigFile } from './config-file.ts';
import { listOptions, type Config, type NamedOption } from './config-options.ts';
import { parseOptionText, parseOptionValue, type OptionValue, type ParsedOption } from './config-value.ts';
import { nearestName } from '../domain/fields/nearest-name.ts';

const defaultFile = 'walm.yaml';

/** The configuration is not valid; the message has one line for each problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/** What the command line requests. */
export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly config: Config; readonly file: string | null };

/**
 * Merges the configuration: flags over environment over file over defaults.
 * @param argv the arguments after the program's name
 * @throws ConfigError with every problem at once; values are never quoted, as they may be secrets
 */
export function readCommandLine(argv: readonly string[], environment = process.env): CommandLine {
  const flags = parseFlags(argv);
  if (flags.has('help')) {
    return { kind: 'help' };
  }
  if (flags.has('version')) {
    return { kind: 'version' };
  }
  const named = flags.get('config') ?? environment['WALM_CONFIG'];
  const text = readConfigFile(named);
  const file = text === null ? null : (named ?? defaultFile);
  const { values, problems } = parseConfigFile(text ?? '');
  const all = problems.map((problem) => `${file}: ${problem}`);
  const tree: Record<string, unknown> = {};
  for (const option of listOptions()) {
    const [source, parsed] = resolve(option, flags, environment, values, file);
    if ('problem' in parsed) {
      all.push(`${source} ${parsed.problem}`);
    } else {
      setPath(tree, option.key.split('.'), parsed.value);
    }
  }
  if (all.length > 0) {
    throw new ConfigError(all);
  }
  // The tree has every key of the table, each parsed by the option that gives the key its type.
  const config = tree as Config;
  checkTogether(config);
  return { kind: 'run', config, file };
}

function parseFlags(argv: readonly string[]): Map<string, string> {
  const switches = new Set([
    'help',
    'version',
    ...listOptions()
      .filter(isSwitch)
      .map((option) => option.flag),
  ]);
  const known = new Set([...switches, 'config', ...listOptions().map((option) => option.flag)]);
  const flags = new Map<string, string>();
  const problems: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    const match = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(argument === '-h' ? '--help' : argument);
    const name = match?.[1];
    if (name === undefined || !known.has(name)) {
      const suggestion = name === undefined ? undefined : nearestName(name, [...known]);
      problems.push(`unknown argument ${name === undefined ? argument : `--${name}`}${hint(suggestion)}`);
    } else if (match?.[2] !== undefined) {
      flags.set(name, match[2]);
    } else if (switches.has(name)) {
      flags.set(name, 'true');
    } else if (index + 1 < argv.length) {
      index += 1;
      flags.set(name, argv[index] ?? '');
    } else {
      problems.push(`--${name} needs a value`);
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
  return flags;
}

function isSwitch(option: NamedOption): boolean {
  return option.option.kind === 'flag';
}

function hint(suggestion: string | undefined): string {
  return suggestion === undefined ? '; see --help' : `; did you mean --${suggestion}?`;
}

function resolve(
  { key, variable, flag, option }: NamedOption,
  flags: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
  values: ReadonlyMap<string, unknown>,
  file: string | null,
): [source: string, parsed: ParsedOption] {
  const flagText = flags.get(flag);
  if (flagText !== undefined) {
    return [`--${flag}`, parseOptionText(option, flagText)];
  }
  const variableText = environment[variable];
  if (variableText !== undefined && variableText !== '') {
    return [variable, parseOptionText(option, variableText)];
  }
  if (values.has(key)) {
    return [`${file}: ${key}`, parseOptionValue(option, values.get(key))];
  }
  const shared = option.sharedVariable === undefined ? undefined : environment[option.sharedVariable];
  if (shared !== undefined && shared !== '') {
    return [option.sharedVariable ?? '', parseOptionText(option, shared)];
  }
  return [key, { value: structuredClone(option.default) }];
}

function setPath(tree: Record<string, unknown>, path: readonly string[], value: OptionValue): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const section = (tree[name] ??= {}) as Record<string, unknown>;
  setPath(section, rest, value);
}

/** Rules between options. */
function checkTogether(config: Config): void {
  const problems: string[] = [];
  if (config.auth.mode === 'none' && !isLoopbackHost(config.http.host)) {
    problems.push(
      `http.host is not a loopback address: without authentication Walm would give everyone who reaches it the rights it has on the cluster; use 127.0.0.1, ::1 or localhost, or auth.mode=kubernetes`,
    );
  }
  if (config.leadership.renewSec * 2 > config.leadership.leaseSec) {
    problems.push('leadership.leaseSec must be at least twice leadership.renewSec, or one late renewal loses the lead');
  }
  const names = config.repoList.map((repository) => repository.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    problems.push(`repoList names ${twice} twice`);
  }
  if (problems.length > 0) {
    throw new ConfigError(problems);
  }
}

function readConfigFile(named: string | undefined): string | null {
  try {
    return readFileSync(named ?? defaultFile, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing && named === undefined) {
      return null;
    }
    const reason = missing ? 'there is no such file' : String(error instanceof Error ? error.message : error);
    throw new ConfigError([`cannot read the configuration ${named ?? defaultFile}: ${reason}`]);
  }
}
