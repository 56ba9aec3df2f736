import { expect, test } from 'vitest';
import { readSources } from './source-files.ts';

const PRODUCT = /^(cli|contract|server)\/(?!.*\.(test|conformance)\.ts$).*\.ts$/;
const sources = readSources(PRODUCT);

/** The texts that only one module may spell, and the pattern of its path. All others import them from it. */
const WORDS = [
  {
    what: "Helm's states of a revision",
    spelled: /'(deployed|superseded|uninstalled|uninstalling|pending-(install|upgrade|rollback)?)'/,
    // The Helm in memory writes them, as the real one does. Clients know the phase and the standing of a release without the
    // domain.
    in: /^(server\/(domain\/revisions|adapters\/memory)\/|contract\/release-(phase|standing)\.ts$)/,
  },
  {
    what: "the name and the type of Helm's records",
    spelled: /sh\\?\.helm\\?\.release|helm\.sh\/release\.v1/,
    in: /^server\/domain\/names\/helm-record-name\.ts$/,
  },
  {
    what: 'errors about a release, revision, task, project or repository',
    spelled:
      /\bproblem\(\s*'(RELEASE_(NOT_FOUND|EXISTS|PAUSED)|REVISION_(MISMATCH|NOT_FOUND)|(TASK|PROJECT|REPOSITORY)_NOT_FOUND|PROJECT_EXISTS)'/,
    // The Helm in memory raises what the engine does.
    in: /^server\/(domain\/errors|adapters\/memory|services\/charts\/find-repository\.ts)/,
  },
  {
    what: 'the syntax of names and labels',
    spelled: /\[-a-z0-9\][*{]|\[-A-Za-z0-9_\.\]\{0,61\}/,
    in: /^contract\/schemas\/name-syntax\.ts$/,
  },
  {
    what: 'the escapes of JSON pointers',
    spelled: /['/]~[01]['/]/,
    in: /^contract\/json-pointer\.ts$/,
  },
  {
    what: 'delays that grow with each failure',
    spelled: /_?ms \* 2 \*\* |\bdelay\w* \*=? 2/i,
    in: /^contract\/backoff\.ts$/,
  },
  {
    what: 'default waits of callers',
    spelled: /\{ release: 60, project: 600 \}/,
    in: /^contract\/schemas\/default-waits\.ts$/,
  },
];

test.each(WORDS)('$what are spelled in one place', ({ spelled, in: place }) => {
  const found = sources.filter(({ text }) => spelled.test(text)).map(({ path }) => path);
  expect(found.some((path) => place.test(path))).toBe(true);
  expect(found.filter((path) => !place.test(path))).toEqual([]);
});
