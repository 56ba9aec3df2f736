import { describe, expect, test } from 'vitest';

import { anchors, deadLinks, unknownDecisions } from './check-links.ts';

const GUIDE = { path: 'docs/guide.md', text: '# Guide\n\n## What `it` does: all\n\n<a id="here"></a>\n' };
const PATHS = ['README.md', 'docs/guide.md', 'docs/images/parts.svg'];

function dead(text: string, path = 'README.md'): string[] {
  return deadLinks([{ path, text }, GUIDE], PATHS);
}

describe('deadLinks', () => {
  test.each([
    '[guide](docs/guide.md)',
    '[guide](docs/guide.md#what-it-does-all)',
    '[guide](docs/guide.md#here "title")',
    '![parts](docs/images/parts.svg)',
    '[folder](docs/images/)',
    '# Top\n[above](#top)',
    '[elsewhere](https://example.com/no.md#no) [mail](mailto:a@example.com)',
    '```\n[code](no.md)\n```',
    'written as `[text](no.md)`',
    '[guide]: docs/guide.md',
  ])('%j is alive', (text) => {
    expect(dead(text)).toEqual([]);
  });

  test.each([
    ['[gone](docs/gone.md)', 'README.md:1: docs/gone.md: there is no such file'],
    ['\n![gone](gone.svg)', 'README.md:2: gone.svg: there is no such file'],
    ['[gone](docs/guide.md#gone)', 'README.md:1: docs/guide.md#gone: docs/guide.md has no such anchor'],
    ['[gone](#gone)', 'README.md:1: #gone: README.md has no such anchor'],
    ['[outside](../x.md)', 'README.md:1: ../x.md: there is no such file'],
    ['[gone]: docs/gone.md', 'README.md:1: docs/gone.md: there is no such file'],
    ['<img src="gone.svg">', 'README.md:1: gone.svg: there is no such file'],
    ['[root](/docs/guide.md)', 'README.md:1: /docs/guide.md: there is no such file'],
    ['[anchor of a file without any](docs/images/parts.svg#x)', expect.stringContaining('no such anchor')],
  ])('%j is dead', (text, fault) => {
    expect(dead(text)).toEqual([fault]);
  });

  test('links are relative to the page that they stand in', () => {
    expect(dead('[up](../README.md) [beside](guide.md#guide)', 'docs/other.md')).toEqual([]);
  });
});

test('a repeated heading gets a number, and comments in code blocks are not headings', () => {
  expect([...anchors('# A\n## A\n```sh\n# b\n```\n## [C](c.md) & d\n')]).toEqual(['a', 'a-1', 'c--d']);
});

test('a decision that the page does not have is named', () => {
  const page = '<a id="decision-13"></a>\n### 13. One\n<a id="decision-14"></a>\n### 14. Two\n';
  const files = [{ path: 'a.ts', text: '// (decision 13)\n// (decisions 13, 14 and 99) decision 0064\n' }];
  expect(unknownDecisions(files, page)).toEqual(['a.ts:2: docs/decisions/behaviour.md has no decision 99']);
});
