import { expect, it } from 'vitest';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { failed } from './task-ending.ts';

it('keeps the object that a refusal is about', () => {
  const object = { kind: 'Deployment', namespace: 'demo', name: 'web' };
  const refused = new ProblemError('ADMISSION_UNAVAILABLE', 'silent', { details: { webhook: 'w' }, object });
  expect(failed(refused, createManualClock()).error).toEqual({
    code: 'ADMISSION_UNAVAILABLE',
    message: 'silent',
    details: { webhook: 'w', object },
  });
});
