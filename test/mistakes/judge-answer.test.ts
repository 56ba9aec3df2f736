import { expect, test } from 'vitest';

import { operations } from '../../contract/operations/operations.ts';
import { faultOf } from './judge-answer.ts';

const row = operations.pauseRelease;
const problem = (
  status: number,
  code: string,
  errMessage = 'failed to pause release web: it is not there',
  more = {},
) => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify({ errorCode: -1, errCode: -1, errMessage, code, requestId: 'r', details: {}, ...more }),
});
const ok = (text: string, contentType = 'application/json') => ({ status: 200, contentType, text });

test.each([
  ['an empty answer of a change', ok('')],
  ['a body of the schema', ok('{"warnings": [], "notPaused": []}')],
  ['a problem of the operation', problem(404, 'RELEASE_NOT_FOUND')],
  ['a failure that a repetition may help against', problem(502, 'ADMISSION_UNAVAILABLE')],
])('%s is right', (_what, answer) => {
  expect(faultOf(row, answer)).toBeNull();
});

test.each([
  ['INTERNAL', problem(500, 'INTERNAL')],
  ['a status that is not of the code', problem(400, 'RELEASE_NOT_FOUND')],
  ['a code that nobody knows', problem(404, 'NOTHING')],
  ['a code that the operation does not have', problem(404, 'TASK_NOT_FOUND')],
  ['a 5xx that repeating does not help', problem(502, 'REPOSITORY_INDEX_INVALID')],
  ['a stack', problem(404, 'RELEASE_NOT_FOUND', 'failed at /x/y.ts:12')],
  ['a page', { status: 404, contentType: 'text/html', text: '<html>' }],
  ['a field too few', problem(404, 'RELEASE_NOT_FOUND', 'x', { requestId: undefined })],
  ['a body outside its schema', ok('{"warnings": "none"}')],
  ['a body of another type', ok('{}', 'text/plain')],
  ['a message without end', problem(404, 'RELEASE_NOT_FOUND', 'x'.repeat(20_000))],
])('%s is a fault', (_what, answer) => {
  expect(faultOf(row, answer)).not.toBeNull();
});
