import { expect, it } from 'vitest';
import { problem } from '../../domain/errors/problem-error.ts';
import { problemBody } from './problem-response.ts';

it('repeats the beginning of what a caller has sent', () => {
  const sent = 'y'.repeat(300_000);
  const body = problemBody(problem('REPOSITORY_NOT_FOUND', `no ${sent}`, { repository: sent, count: 3 }), 'id');
  expect(JSON.stringify(body).length).toBeLessThan(33_000);
  expect(body.details).toMatchObject({ count: 3 });
});
