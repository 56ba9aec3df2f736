import { expect, it } from 'vitest';
import { createLog } from './logging.ts';

function logged(
  format: 'json' | 'text' | 'auto',
  terminal: boolean,
  write: (log: ReturnType<typeof createLog>) => void,
) {
  const lines: string[] = [];
  write(createLog({ level: 'info', format }, 'one', { write: (line) => void lines.push(line) }, terminal));
  return lines;
}

it('writes JSON lines with level, time and instance, and without secrets', () => {
  const [line = ''] = logged('auto', false, (log) => {
    log.debug('hidden');
    log.warn({ requestId: 'r', password: 'p', request: { configValues: { a: 1 } } }, 'careful');
  });
  expect(JSON.parse(line) as object).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    instance: 'one',
    requestId: 'r',
    request: {},
    msg: 'careful',
  });
});

it('writes text for people on a terminal, with the stack of an error', () => {
  const [line = ''] = logged('auto', true, (log) => log.error({ err: new Error('oh'), ms: 5, who: 'a b' }, 'failed'));
  expect(line).toMatch(/^\d\d:\d\d:\d\d ERROR failed ms=5 who="a b"\nError: oh\n {4}at /);
});
