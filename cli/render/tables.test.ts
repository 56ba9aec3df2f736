import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ageOf, clockSpan, shortSpan } from './age.ts';
import { readColumns } from './columns.ts';
import { around, dotText, mermaidText, readEdges, treeText } from './dependency-graph.ts';
import { joinPages, memberSpans } from './json-list.ts';
import { changedLines, lineDiff } from './line-diff.ts';
import { releaseNodes, treeLines } from './release-tree.ts';
import { tableLines } from './table.ts';
import { cutTo, oneLine, severalLines, widthOf } from './width.ts';

test('columns are as wide as their widest cell, and East Asian characters count double', () => {
  expect(
    tableLines(
      ['NAME', 'ABOUT'],
      [
        ['kafka', '消息'],
        ['消息队列', 'x'],
      ],
      { headers: true },
    ),
  ).toEqual(['NAME      ABOUT', 'kafka     消息', '消息队列  x']);
});

test('on a terminal the message is cut, in a pipe nothing is', () => {
  const rows = [['web', 'x'.repeat(60), 'end']];
  const head = ['NAME', 'MESSAGE', 'LAST'];
  const [line = ''] = tableLines(head, rows, { headers: false, width: 40, cut: 1 });
  expect(widthOf(line)).toBeLessThanOrEqual(40);
  expect(line).toContain('…');
  expect(tableLines(head, rows, { headers: false, cut: 1 })[0]).toContain('x'.repeat(60));
});

test('control characters are shown, and cannot move the cursor', () => {
  expect(oneLine('a\u001b[2Jb\r\nc\u202e')).toBe('a\\x1b[2Jb c\\u202e');
  expect(severalLines('a\n\tb\u0007')).toBe('a\n\tb\\x07');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\p{Cc}/u.test(oneLine(text))));
});

test('what is cut fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(widthOf(cutTo(text, width))).toBeLessThanOrEqual(Math.max(width, 1));
    }),
  );
});

test('ages and spans', () => {
  expect([0, 59, 119, 120, 7300, 200_000].map(shortSpan)).toEqual(['0s', '59s', '119s', '2m', '2h', '2d']);
  expect([5, 65, 3700].map(clockSpan)).toEqual(['0:05', '1:05', '1:01:40']);
  expect(ageOf('no time', 0)).toBe('');
});

test('columns of one’s own', () => {
  expect(readColumns('NAME:.name,FIRST:.a[0]').map(({ head, cell }) => [head, cell({ name: 'x', a: [7] })])).toEqual([
    ['NAME', 'x'],
    ['FIRST', '7'],
  ]);
});

test('pages become one list, whose numbers keep their digits', () => {
  const first = '{\n "num": 1,\n "total": 2,\n "items": [\n  {"n": 12345678901234567890}\n ],\n "continue": "x"\n}';
  const second = '{\n "num": 1,\n "total": 2,\n "items": [\n  {"n": 2}\n ]\n}';
  expect(joinPages([first, second])).toBe(
    '{\n "num": 2,\n "total": 2,\n "items": [\n  {"n": 12345678901234567890},\n  {"n": 2}\n ]\n}',
  );
  expect(joinPages([second])).toBe(second);
});

test('members of any JSON object are found', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, 2), (object, indent) => {
      const text = JSON.stringify(object, null, indent);
      for (const [name, [start, end]] of memberSpans(text)) {
        expect(JSON.parse(text.slice(start, end))).toEqual((JSON.parse(text) as Record<string, unknown>)[name]);
      }
      expect(memberSpans(text).size).toBe(Object.keys(JSON.parse(text) as object).length);
    }),
  );
});

test('a comparison of lines makes one text of the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((all) => all.join('\n'));
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before, after);
      const side = (mark: '-' | '+') =>
        diff.filter((line) => line.mark === ' ' || line.mark === mark).map(({ text }) => text);
      expect(side('-').join('\n')).toBe(before);
      expect(side('+').join('\n')).toBe(after);
    }),
  );
  expect(changedLines(lineDiff('a\nb\nc\nd', 'a\nb\nc\ne'), 1).map(({ mark, text }) => mark + text)).toEqual([
    ' …',
    ' c',
    '-d',
    '+e',
  ]);
});

test('ready branches of a tree are folded', () => {
  const state = (status: string, reason = '', message = '') => ({ status, reason, message });
  const release = {
    releaseStatus: {
      services: [{ kind: 'Service', name: 'kafka', state: state('Ready') }],
      statefulsets: [
        {
          kind: 'StatefulSet',
          name: 'kafka',
          expectedReplicas: 1,
          readyReplicas: 0,
          state: state('Pending', 'ImagePullBackOff'),
          pods: [
            {
              name: 'kafka-0',
              state: state('Pending', 'ImagePullBackOff', 'cannot pull'),
              containers: [
                { name: 'kafka', ready: false, restartCount: 2, state: state('Waiting', 'ImagePullBackOff') },
              ],
              initContainers: [],
            },
          ],
        },
      ],
    },
  };
  expect(treeLines(releaseNodes(release), false)).toEqual([
    '├─ StatefulSet kafka 0/1  ImagePullBackOff',
    '│  └─ pod kafka-0  ImagePullBackOff: cannot pull  2 restarts',
    '│     └─ container kafka  ImagePullBackOff  restarted 2 times',
    '└─ (1 ready: 1 Service)',
  ]);
});

test('dependencies around a release, in three languages', () => {
  const graph = {
    nodes: [
      { namespace: 'd', name: 'a', exists: true },
      { namespace: 'd', name: 'b', exists: true },
      { namespace: 'd', name: 'c', exists: false },
    ],
    edges: [
      { from: 'd/a', to: 'd/b', key: 'x', state: 'Current' },
      { from: 'd/b', to: 'd/c', key: 'y', state: 'ProviderMissing' },
    ],
  };
  const edges = readEdges(graph);
  expect(around(edges, 'd/b', true, false).map(({ to }) => to)).toEqual(['d/c']);
  expect(around(edges, 'd/b', false, true).map(({ from }) => from)).toEqual(['d/a']);
  expect(treeText(edges)).toBe('d/a\n└─ x: d/b  Current\n   └─ y: d/c  ProviderMissing  (missing)\n');
  expect(dotText(edges)).toContain('"d/a" -> "d/b" [label="x"];');
  expect(mermaidText(edges)).toContain('r0 -->|x| r1');
});
