/**
 * The import law, as dependency-cruiser reads it: what may import what, everything else is refused.
 *
 * `cli, console → contract ← domain ← ports ← services ← reconcilers, api`, adapters know ports and nothing of each
 * other, only `server/app.ts` knows everything, and every vendor's package stays in the one place that owns it.
 * tools/check-imports.ts runs it, and first runs it on tools/import-law-canary to see that it still refuses.
 */

const TEST_FILE = '\\.test\\.ts$';
const CONFORMANCE_FILE = '\\.conformance\\.ts$';
const NOT_PRODUCTION = [TEST_FILE, CONFORMANCE_FILE];

/** Node's modules that compute and nothing else: no files, no network, no processes. */
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

const adapterRules = Object.entries(VENDORS).map(([folder, vendor]) =>
  allow(`^server/adapters/${folder}/`, packages(...vendor)),
);

export default {
  allowedSeverity: 'error',
  allowed: [
    allow('^contract/', ['^contract/', ...packages('typebox')]),

    allow('^server/domain/', ['^(contract|server/domain)/', ...packages('js-yaml', 'typebox', 'yaml')]),
    allow('^server/ports/', ['^(contract|server/domain|server/ports)/']),
    allow('^server/services/', ['^(contract|server/(domain|ports|services))/']),
    allowPureNode('^server/services/'),
    allow('^server/reconcilers/', ['^(contract|server/(domain|ports|services|reconcilers))/']),
    allowPureNode('^server/reconcilers/'),

    allow('^server/adapters/', ['^(contract|server/(domain|ports))/', ...packages('typebox')]),
    {
      from: { path: '^server/adapters/([^/]+)/', pathNot: NOT_PRODUCTION },
      to: { path: '^server/adapters/$1/', pathNot: NOT_PRODUCTION },
    },
    allowNode('^server/adapters/'),
    ...adapterRules,

    allow('^server/api/', [
      '^(contract|server/(domain|ports|services|api))/',
      ...packages('fastify', '@fastify', 'typebox'),
    ]),
    allowNode('^server/api/'),

    allow('^server/[^/]+\\.ts$', ['^(contract|server)/', ...packages('pino', 'typebox', 'yaml')]),
    allowNode('^server/[^/]+\\.ts$'),

    // A conformance suite states what a port promises; it is a test, and knows the port alone.
    {
      from: { path: CONFORMANCE_FILE },
      to: { path: ['^(contract|server/(domain|ports))/', ...packages('vitest', 'fast-check')] },
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
      name: 'only-app-knows-adapters',
      comment: 'What is wired to what is decided in the composition root: app.ts and its parts.',
      severity: 'error',
      from: { path: '^server/[^/]+\\.ts$', pathNot: ['^server/(app|[a-z]+-parts)\\.ts$', ...NOT_PRODUCTION] },
      to: { path: '^server/adapters/' },
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
    // TypeScript 7 has no compiler API: without swc the cruise silently sees no module at all.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: ['^tools/import-law-canary/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
