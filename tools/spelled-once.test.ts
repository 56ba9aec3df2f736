import { expect, test } from 'vitest';
import { readSources } from './source-files.ts';

const PRODUCT = /^(contract|server)\/(?!.*\.(test|conformance)\.ts$).*\.ts$/;
const sources = readSources(PRODUCT);

/** The texts that only one module may spell, and the pattern of its path. All others import them from it. */
const WORDS = [
  {
    what: "Helm's states of a revision",
    spelled: /'(deployed|superseded|uninstalled|uninstalling|pending-(install|upgrade|rollback)?)'/,
    // The Helm in memory writes them, as the real one does.
    in: /^server\/(domain\/revisions|adapters\/memory)\//,
  },
  {
    what: "the name and the type of Helm's records",
    spelled: /sh\\?\.helm\\?\.release|helm\.sh\/release\.v1/,
    in: /^server\/domain\/names\/helm-record-name\.ts$/,
  },
];

test.each(WORDS)('$what are spelled in one place', ({ spelled, in: place }) => {
  const found = sources.filter(({ text }) => spelled.test(text)).map(({ path }) => path);
  expect(found.some((path) => place.test(path))).toBe(true);
  expect(found.filter((path) => !place.test(path))).toEqual([]);
});
