/**
 * The import rules, in the form that dependency-cruiser reads: what may import what; everything else is refused.
 *
 * Layers: `cli, console → contract ← domain ← ports ← services ← reconcilers, api`. Adapters import ports and never
 * each other, only `server/composition/` may import everything, and every vendor package is imported in one place only.
 * Inside a layer every file is in a room, and rooms are ordered in floors: see `LAYERS`. tools/check-imports.ts runs
 * these rules, after it has run them on tools/import-law-canary to verify that they refuse what they should.
 */

const TEST_FILE = '\\.test\\.ts$';
const CONFORMANCE_FILE = '\\.conformance\\.ts$';
const NOT_PRODUCTION = [TEST_FILE, CONFORMANCE_FILE];

/** Node's modules that only compute: no files, no network, no processes. */
const PURE_NODE = '^(node:)?(buffer|crypto|events|path|stream|stream/promises|url|util)$';

/** Path pattern of an installed package, with or without a scope. */
function packages(...names) {
  return names.map((name) => `(^|/)node_modules/${name}/`);
}

/** Rule that lets production files below `from` import files or packages matching one of `to`. */
function allow(from, to, except = NOT_PRODUCTION) {
  return { from: { path: from, pathNot: except }, to: { path: to, pathNot: NOT_PRODUCTION } };
}

function allowNode(from) {
  return { from: { path: from, pathNot: NOT_PRODUCTION }, to: { dependencyTypes: ['core'] } };
}

function allowPureNode(from) {
  return { from: { path: from, pathNot: NOT_PRODUCTION }, to: { path: PURE_NODE, dependencyTypes: ['core'] } };
}

/** Adapters: folder below server/adapters → the packages that only it may import. */
const VENDORS = {
  engine: ['vscode-jsonrpc'],
  kafka: ['@platformatic/kafka'],
  kube: ['@kubernetes/client-node'],
  prometheus: ['prom-client'],
  redis: ['ioredis'],
  threads: ['tinypool'],
};

/**
 * The rooms of each layer, floor by floor from the ground up. A room is the files that are directly in its folder (`.`
 * is the layer's own folder). A room may import its own files, rooms of lower floors, and from other layers what
 * `beside` names; never rooms of its own floor or above. A folder that is not listed here may import nothing.
 */
export const LAYERS = [
  {
    base: 'contract',
    floors: [
      ['schemas', 'problems'],
      ['schemas/charts', 'schemas/cluster'],
      ['operations/parts'],
      ['operations/cluster'],
      ['operations'],
      ['.'],
    ],
    beside: packages('typebox'),
  },
  {
    base: 'server/domain',
    floors: [
      ['errors', 'json', 'budgets', 'revisions'],
      ['access', 'bounds', 'kube', 'lists', 'names', 'patchable', 'values'],
      ['api-upgrade', 'charts', 'fields', 'patch', 'quotas', 'seals', 'secrets', 'status'],
      ['automation', 'cluster', 'outputs', 'workloads'],
      ['masking', 'metainfo', 'plugins', 'tasks'],
      ['release'],
      ['answers', 'dependencies', 'mirror'],
      ['indexes', 'projects', 'request'],
      ['change'],
      ['history', 'rollout'],
    ],
    beside: ['^contract/', ...packages('js-yaml', 'typebox', 'yaml')],
  },
  {
    base: 'server/ports',
    floors: [['cluster', 'runtime', 'storage'], ['helm'], ['gate']],
    beside: ['^(contract|server/domain)/'],
  },
  {
    base: 'server/services',
    floors: [
      ['access', 'jobs', 'plugins', 'releases/observe', 'system', 'trust'],
      ['automation', 'events', 'releases/query', 'tasks'],
      ['charts', 'cluster', 'dependencies'],
      ['history', 'releases/compose'],
      ['releases/accept', 'releases/execute', 'releases/preview'],
      ['projects'],
      ['exports'],
    ],
    beside: ['^(contract|server/(domain|ports))/'],
  },
  {
    base: 'server/reconcilers',
    floors: [['loop'], ['dependencies', 'releases', 'tasks'], ['events', 'mirror']],
    beside: ['^(contract|server/(domain|ports|services))/'],
  },
  {
    base: 'server/adapters/kube',
    floors: [['client'], ['watch'], ['storage'], ['objects']],
    beside: [],
  },
  {
    base: 'server/api',
    floors: [['answers', 'http'], ['handlers', 'requests'], ['handlers/projects', 'problems'], ['routes']],
    beside: ['^(contract|server/(domain|ports|services))/', ...packages('fastify', '@fastify', 'typebox')],
  },
  {
    base: 'cli',
    floors: [
      ['errors', 'system', 'table'],
      ['arguments', 'files', 'render'],
      ['http'],
      ['context'],
      ['session'],
      ['waiting'],
      ['change'],
      ['look'],
      ['complete', 'settings'],
      ['.'],
    ],
    beside: ['^contract/', ...packages('commander', 'yaml')],
  },
  {
    base: 'server',
    floors: [
      ['config'],
      ['process'],
      ['composition/adapters'],
      ['composition/wrappers'],
      ['composition/releases'],
      ['composition'],
      ['.'],
    ],
    beside: [
      '^(contract|server/(domain|ports|services|reconcilers|adapters|api))/',
      ...packages('pino', 'typebox', 'yaml'),
    ],
  },
];

/**
 * Path pattern of the files that are directly in a room.
 * @param {string} base
 * @param {string} room
 */
function filesOf(base, room) {
  return room === '.' ? `^${base}/[^/]+$` : `^${base}/${room}/[^/]+$`;
}

/**
 * What the files of a room may import: a rule for each room of a layer.
 * @param {{ base: string, floors: string[][], beside: string[] }} layer
 */
function roomRules({ base, floors, beside }) {
  return floors.flatMap((floor, height) => {
    const lower = floors.slice(0, height).flat();
    return floor.map((room) =>
      allow(filesOf(base, room), [...[room, ...lower].map((below) => filesOf(base, below)), ...beside]),
    );
  });
}

/**
 * Files, including tests, that are in none of the rooms above: directly in the folder of a layer, or in a folder that
 * has no floor.
 */
const HOMELESS = {
  path: LAYERS.map(({ base }) => `^${base}/`),
  pathNot: [
    ...LAYERS.flatMap(({ base, floors }) => floors.flat().map((room) => filesOf(base, room))),
    '^server/adapters/(?!kube/)',
  ],
};

const adapterRules = Object.entries(VENDORS).map(([folder, vendor]) =>
  allow(`^server/adapters/${folder}/`, packages(...vendor)),
);

export default {
  allowedSeverity: 'error',
  allowed: [
    ...LAYERS.flatMap(roomRules),

    allowPureNode('^server/services/'),
    allowPureNode('^server/reconcilers/'),

    allow('^server/adapters/', ['^(contract|server/(domain|ports))/', ...packages('typebox')]),
    {
      from: { path: '^server/adapters/(?!kube/)([^/]+)/', pathNot: NOT_PRODUCTION },
      to: { path: '^server/adapters/$1/', pathNot: NOT_PRODUCTION },
    },
    allowNode('^server/adapters/'),
    ...adapterRules,

    allowNode('^cli/'),
    allowNode('^server/api/'),
    allowNode('^server/(composition|config|process)/'),
    allowNode('^server/[^/]+\\.ts$'),

    // A conformance suite states what a port promises. It is a test, imports only the port, and may use the waiting
    // helpers of tests.
    {
      from: { path: CONFORMANCE_FILE },
      to: {
        path: [
          '^(contract|server/(domain|ports))/',
          '^test/harness/eventually\\.ts$',
          ...packages('vitest', 'fast-check'),
        ],
      },
    },
    { from: { path: CONFORMANCE_FILE }, to: { path: PURE_NODE, dependencyTypes: ['core'] } },
    // Tests, tools and settings may use everything.
    { from: { path: [TEST_FILE, '^(test|tools)/', '^[^/]+\\.config\\.(ts|mjs)$'] }, to: {} },
  ],
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'production-imports-no-test',
      comment: 'Test, conformance, harness and tool files are not part of the product.',
      severity: 'error',
      from: { path: '^(contract|server|cli|console)/', pathNot: NOT_PRODUCTION },
      to: { path: [...NOT_PRODUCTION, '^(test|tools)/', ...packages('vitest', 'fast-check')] },
    },
    {
      name: 'adapters-never-each-other',
      comment: 'An adapter serves a port; what two of them share belongs to the domain or to the port.',
      severity: 'error',
      from: { path: '^server/adapters/([^/]+)/', pathNot: NOT_PRODUCTION },
      to: { path: '^server/adapters/', pathNot: '^server/adapters/$1/' },
    },
    {
      name: 'every-file-has-a-room',
      comment: 'A file lies in a room that has its place on a floor of LAYERS, never loose beside the rooms.',
      severity: 'error',
      from: HOMELESS,
      to: {},
    },
    {
      name: 'nothing-imports-the-homeless',
      comment: 'The same for a file that imports nothing itself.',
      severity: 'error',
      from: {},
      to: HOMELESS,
    },
    {
      name: 'executors-are-run-by-tasks',
      comment: 'What a request wants is accepted as a task; only the task runner carries it out.',
      severity: 'error',
      from: { path: '^server/api/', pathNot: NOT_PRODUCTION },
      to: { path: '^server/services/releases/execute/' },
    },
    {
      name: 'api-touches-no-files',
      comment: 'What a request brings goes through a port: chart archives are kept by the chart folder.',
      severity: 'error',
      from: { path: '^server/api/', pathNot: NOT_PRODUCTION },
      to: { path: '^(node:)?(fs|fs/promises|child_process)$', dependencyTypes: ['core'] },
    },
    {
      name: 'only-adapters-and-the-gate-know-passes',
      comment:
        'What adapters provide, and the passes that they require, are between them and the gate: use cases have ports ' +
        'without passes.',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: [
          '^server/adapters/',
          '^server/ports/gate/',
          '^server/composition/(adapters|wrappers)/',
          ...NOT_PRODUCTION,
        ],
      },
      to: { path: '^server/ports/gate/' },
    },
    {
      name: 'only-wrappers-wrap',
      comment: 'What wraps the verbs of a port forgets which arguments they require: only the gate supplies them.',
      severity: 'error',
      from: { path: '^server/', pathNot: ['^server/composition/wrappers/', ...NOT_PRODUCTION] },
      to: { path: '^server/composition/wrappers/wrap-verbs\\.ts$' },
    },
    {
      name: 'only-composition-knows-adapters',
      comment:
        'What is wired to what is decided in server/composition/; its wrappers wrap ports, whatever is behind them.',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: ['^server/adapters/', '^server/composition/(adapters/)?[^/]+$', ...NOT_PRODUCTION],
      },
      to: { path: '^server/adapters/' },
    },
    {
      name: 'config-and-process-know-no-layer',
      comment: 'Options, files and the process itself know pure rules at most.',
      severity: 'error',
      from: { path: '^server/(config|process)/', pathNot: NOT_PRODUCTION },
      to: { path: '^server/(ports|services|reconcilers|adapters|api)/' },
    },
    {
      name: 'the-simulation-shares-only-models',
      comment: 'What two suites compare with lies in test/model/, not in the folder of one of them.',
      severity: 'error',
      from: { path: '^test/simulation/' },
      to: { path: '^test/(?!simulation/|model/|harness/)' },
    },
    {
      name: 'vendors-stay-home',
      comment: "A vendor's words stay in the adapter that speaks to it.",
      severity: 'error',
      from: { path: '^(contract|server|cli|console)/(?!api/|adapters/)', pathNot: NOT_PRODUCTION },
      to: { path: packages('fastify', '@fastify', ...Object.values(VENDORS).flat()) },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API: without swc the cruise silently finds no modules at all.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: ['^tools/import-law-canary/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
