import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventReader } from './event-reader.ts';

const stream =
  'retry: 2000\n\n: a comment\n\nid: a-1\nevent: release\ndata: {"name":"web"}\n\n' +
  'event: reset\r\ndata: {}\r\n\r\nid: a-2\rdata:first\rdata: second\r\rid: a\0b\ndata: x\n\nevent: nothing\n\n';
const events = [
  { type: 'release', data: '{"name":"web"}', id: 'a-1' },
  { type: 'reset', data: '{}', id: 'a-1' },
  { type: 'message', data: 'first\nsecond', id: 'a-2' },
  { type: 'message', data: 'x', id: 'a-2' },
];

it('reads events however the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const reader = createEventReader();
      const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const pieces = places.slice(1).map((end, at) => stream.slice(places[at], end));
      expect(pieces.flatMap((piece) => reader.read(piece))).toEqual(events);
      expect(reader.retryMs()).toBe(2000);
    }),
  );
});

it('starts with the id that it was given', () => {
  expect(createEventReader('b-7').read('data: 1\n\n')).toEqual([{ type: 'message', data: '1', id: 'b-7' }]);
});

it('does not hold an event without end', () => {
  const reader = createEventReader();
  const piece = 'x'.repeat(1024 * 1024);
  const fill = () => {
    for (let count = 0; count < 20; count += 1) {
      reader.read(`data: ${piece}\n`);
    }
  };
  expect(fill).toThrow(RangeError);
});
