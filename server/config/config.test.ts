import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { helpText } from './config-help.ts';
import { listOptions } from './config-options.ts';
import { ConfigError, readCommandLine } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'walm-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(text: string): string {
  const file = join(folder, `${Math.random()}.yaml`);
  writeFileSync(file, text);
  return `--config=${file}`;
}

function read(argv: string[], environment: Record<string, string> = {}) {
  const command = readCommandLine(argv, environment);
  if (command.kind !== 'run') {
    throw new Error(command.kind);
  }
  return command.config;
}

function problemsOf(argv: string[], environment: Record<string, string> = {}): string[] {
  try {
    readCommandLine(argv, environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.message.split('\n') : [`not a ConfigError: ${String(error)}`];
  }
}

it('lets flags win over the environment, the environment over the file, the file over the default', () => {
  const file = configFile('http: {port: 1, keepAliveSec: 1}\noperationTimeoutSec: 1\n');
  const config = read([file, '--http-port', '3'], { WALM_HTTP_PORT: '2', WALM_HTTP_KEEP_ALIVE_SEC: '2' });
  expect([config.http.port, config.http.keepAliveSec, config.operationTimeoutSec, config.history.max]).toEqual([
    3, 2, 1, 10,
  ]);
});

it('reads shared variables last, and switches without a value', () => {
  const config = read([configFile(''), '--addresses-refuse-private'], { KUBECONFIG: '/a' });
  expect([config.kubernetes.kubeconfig, config.addresses.refusePrivate]).toEqual(['/a', true]);
  expect(read([configFile('kubernetes: {kubeconfig: /b}')], { KUBECONFIG: '/a' }).kubernetes.kubeconfig).toBe('/b');
});

it('reads repositories from the file', () => {
  const config = read([configFile('repoList:\n - {name: stable, url: http://x, password: p}\n')]);
  expect(config.repoList).toEqual([{ name: 'stable', url: 'http://x', password: 'p' }]);
});

it('reads names as a list from the file, and separated by commas from elsewhere', () => {
  const file = configFile('watchNamespaces: [shop, shop]');
  expect(read([file]).watchNamespaces).toEqual(['shop']);
  expect(read([file, '--watch-namespaces=a, b']).watchNamespaces).toEqual(['a', 'b']);
  expect(read([file], { WALM_WATCH_NAMESPACES: 'c' }).watchNamespaces).toEqual(['c']);
  expect(read([]).watchNamespaces).toEqual([]);
});

it.each([
  ['watchNamespaces: shop', 'watchNamespaces must be a list of names'],
  ['watchNamespaces: [Shop]', 'watchNamespaces must be a list of names'],
  ['htpp: {port: 1}', 'htpp is not an option; did you mean http?'],
  ['http: {prt: 1}', 'http.prt is not an option; did you mean http.port?'],
  ['serverConfig: {port: 1}', 'serverConfig is not an option; in this Walm it is http.port'],
  ['http: 5', 'http must be a table of options'],
  ['http: {port: "a"}', 'http.port must be a whole number from 0 to 65535'],
  ['log: {level: loud}', 'log.level must be one of info, trace, debug, warn, error, fatal'],
  ['a: [', 'Flow sequence'],
  ['repoList: [{name: stable}]', 'repoList must be a list of repositories: /0 must have required properties url'],
  ['repoList: [{name: a, url: b}, {name: a, url: c}]', 'repoList names a twice'],
  ['http: {host: 0.0.0.0}', 'http.host is not a loopback address'],
  ['{http: {host: 0.0.0.0}, auth: {mode: none}}', 'http.host is not a loopback address'],
  ['auth: {mode: basic}', 'auth.mode must be one of none, kubernetes'],
])('refuses the file %s', (text, problem) => {
  expect(problemsOf([configFile(text)]).join('\n')).toContain(problem);
});

it('names every problem at once and never quotes values', () => {
  const problems = problemsOf([configFile('x: s3cret\nhttp: {port: s3cret}')], { WALM_LOG_LEVEL: 's3cret' });
  expect(problems).toHaveLength(3);
  expect(problems.join()).not.toContain('s3cret');
});

it.each([
  [['--http-prt', '1'], 'unknown argument --http-prt; did you mean --http-port?'],
  [['serve'], 'unknown argument serve; see --help'],
  [['--http-port'], '--http-port needs a value'],
  [['--config', '/no/such/walm.yaml'], 'cannot read the configuration /no/such/walm.yaml: there is no such file'],
])('refuses the arguments %j', (argv, problem) => {
  expect(problemsOf(argv)[0]).toBe(problem);
});

it('answers --help with every option, and --version', () => {
  expect(readCommandLine(['-h'], {})).toEqual({ kind: 'help' });
  expect(readCommandLine(['--version'], {})).toEqual({ kind: 'version' });
  for (const { key, flag } of listOptions()) {
    expect(helpText()).toMatch(new RegExp(`--${flag}\\b|${key} \\(only in the file\\)`));
  }
});

const MS_OF: Record<string, number> = { seconds: 1000, milliseconds: 1, minutes: 60_000, hours: 3_600_000 };

it('takes no time that a timer could not wait', () => {
  const longest = Object.fromEntries(
    listOptions().flatMap(({ key, option }) =>
      option.kind === 'integer' && Object.hasOwn(MS_OF, option.unit ?? '')
        ? [[key, option.maximum * (MS_OF[option.unit ?? ''] ?? 0)]]
        : [],
    ),
  );
  expect(Object.keys(longest).length).toBeGreaterThan(10);
  // The maximum age of a task is compared with the clock, not waited for with a timer.
  expect(longest['tasks.retentionSec']).toBe(3650 * 86_400_000);
  delete longest['tasks.retentionSec'];
  expect(Object.values(longest).filter((ms) => ms > 2 ** 31 - 1)).toEqual([]);
});
