/** How the result of a suite is counted: as one check, by vitest's JSON report, or by the events of `go test -json`. */
export type Counting = 'check' | 'vitest' | 'go-test';

/** One step of `make test`. */
export interface Suite {
  name: string;
  /** Program and arguments, started without a shell; `node_modules/.bin` is on the PATH. */
  command: readonly [string, ...string[]];
  /** Folder to start in, from the root of the checkout. */
  folder?: string;
  counting: Counting;
  /** Cores that the suite keeps busy, less than one if it mostly waits: suites run in parallel while the sum fits. */
  cores: number;
  /** Suites that must have passed before this one starts. */
  after?: readonly string[];
  /** Part of `make check`, the inner loop of a minute. */
  inner?: boolean;
  /** Minutes after which the suite counts as hanging: it is killed and counts as failed. */
  limitMinutes: number;
}

/** Pinned, so that a new release of staticcheck cannot break a build that passed yesterday. */
const STATICCHECK = 'honnef.co/go/tools/cmd/staticcheck@v0.7.0';

function check(name: string, ...command: readonly [string, ...string[]]): Suite {
  return { name, command, counting: 'check', cores: 1, inner: true, limitMinutes: 20 };
}

function vitest(project: string, suite: Partial<Suite> = {}): Suite {
  return {
    name: project,
    command: ['vitest', 'run', '--project', project],
    counting: 'vitest',
    cores: 2,
    limitMinutes: 90,
    ...suite,
  };
}

/**
 * The integration tests in parts that run in parallel, each with its own cluster and server: they mostly wait, and
 * several Walms on one cluster would disturb each other.
 */
function integration(parts: number): Suite[] {
  return Array.from({ length: parts }, (_, i) =>
    vitest('integration', {
      name: `integration-${i + 1}`,
      command: ['vitest', 'run', '--project', 'integration', `--shard=${i + 1}/${parts}`],
      // Three of them fit two cores.
      cores: 0.66,
      after: ['build-engine', 'build-sandbox', 'build-helm', 'install-redis', 'install-kafka'],
    }),
  );
}

function go(name: string, folder: string, command: readonly [string, ...string[]], suite: Partial<Suite> = {}): Suite {
  return { name, folder, command, counting: 'check', cores: 2, limitMinutes: 90, ...suite };
}

/** Seconds for which CI tests the API against its document; `make test-schema SECONDS=480` is a longer run. */
const SCHEMA_SECONDS = 90;

/** When the tests of one Go package count as hanging; Go's own ten minutes may be too short on a slow machine. */
const GO_HANGING = '-timeout=60m';

/** Everything that CI runs, in the order in which steps start when there is room. */
export const SUITES: readonly Suite[] = [
  check('types', 'tsc', '-p', '.'),
  // walmctl runs on Node 20, which lacks what es2024 has.
  check('types-cli', 'tsc', '--noEmit', '-p', 'tsconfig.cli.json'),
  // The client library, as a browser compiles it.
  check('client', 'tsc', '-p', 'tsconfig.client.json'),
  check('lint', 'oxlint', '--type-aware', '--deny-warnings', '.'),
  check('format', 'oxfmt', '--check', '.'),
  check('imports', 'node', 'tools/check-imports.ts'),
  check('dead-code', 'knip'),
  check('sizes', 'node', 'tools/check-sizes.ts'),
  check('words', 'node', 'tools/check-words.ts'),
  check('links', 'node', 'tools/check-links.ts'),
  check('lockfile', 'node', 'tools/complete-lockfile.ts', '--check'),
  check('generated', 'node', 'tools/check-generated.ts'),
  check('gofmt', 'bash', 'tools/check-gofmt.sh'),
  vitest('unit', { inner: true }),
  vitest('simulation'),
  go('vet-engine', 'engine', ['go', 'vet', './...'], { inner: true }),

  go('build-engine', '.', ['make', '--no-print-directory', 'bin/walm-engine']),
  go('build-helm', '.', ['make', '--no-print-directory', 'bin/helm']),
  go('build-sandbox', '.', ['make', '--no-print-directory', 'bin/walm-sandbox']),
  go('install-redis', '.', ['make', '--no-print-directory', 'bin/redis-server'], { cores: 1 }),
  go('install-kafka', '.', ['make', '--no-print-directory', '.cache/kafka/pom.xml'], {
    cores: 1,
    // Both may install packages of the distribution, and only one program can do so at a time.
    after: ['install-redis'],
  }),
  go('install-node20', '.', ['make', '--no-print-directory', '.cache/node20/package.json'], { cores: 1 }),
  go('staticcheck-engine', 'engine', ['go', 'run', STATICCHECK, './...']),
  go('go-engine', 'engine', ['node', '../tools/with-sandbox.ts', 'go', 'test', '-race', '-json', GO_HANGING, './...'], {
    counting: 'go-test',
    // Half of its time it waits for the sandbox.
    cores: 1,
    after: ['build-sandbox'],
  }),
  vitest('engine', { cores: 1, after: ['build-engine'] }),
  go('vet-sandbox', 'sandbox', ['go', 'vet', '-tags', 'e2e', './...'], { cores: 1, after: ['build-sandbox'] }),
  go('go-sandbox', 'sandbox', ['go', 'test', '-json', GO_HANGING, './...'], {
    counting: 'go-test',
    cores: 1,
    after: ['build-sandbox'],
  }),
  go('e2e-sandbox', 'sandbox', ['go', 'test', '-json', GO_HANGING, '-count=1', '-tags', 'e2e', './e2e'], {
    counting: 'go-test',
    cores: 1,
    after: ['build-sandbox'],
  }),
  vitest('services', { cores: 1, after: ['install-redis', 'install-kafka'] }),
  go('install-schemathesis', '.', ['make', '--no-print-directory', '.cache/schemathesis/done'], {
    cores: 1,
    // Both may install packages of the distribution, and only one program can do so at a time.
    after: ['install-redis', 'install-kafka'],
  }),
  go('schema', '.', ['node', 'test/schema/schema.ts', `${SCHEMA_SECONDS}`], {
    cores: 1,
    after: ['build-engine', 'build-sandbox', 'install-schemathesis'],
  }),
  vitest('kube', { cores: 1, after: ['build-engine', 'build-sandbox'] }),
  // It mostly waits for releases to become ready.
  vitest('walmctl', { cores: 0.66, after: ['build-engine', 'build-sandbox', 'install-node20'] }),
  vitest('compat', { cores: 1, after: ['build-engine', 'build-sandbox'] }),
  ...integration(3),
];
