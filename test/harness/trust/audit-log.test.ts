import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { auditLogEnd, readAuditLog } from './audit-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'walm-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

function line(verb: string, rest: object = {}): string {
  const event = {
    stage: 'ResponseComplete',
    verb,
    requestURI: '/api/v1/namespaces/shop/secrets/x',
    user: { username: 'walm' },
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'ü' },
    responseStatus: { code: 200 },
    ...rest,
  };
  return `${JSON.stringify(event)}\n`;
}

test('sections follow each other, and half a line is left to the next one', async () => {
  const path = join(folder, 'sections.log');
  const [first, second, third] = [line('get'), line('list'), line('watch')];
  appendFileSync(path, `${first}${second}${third.slice(0, 40)}`);
  const one = await readAuditLog(path, 0, () => true);
  expect(one.events.map(({ verb }) => verb)).toEqual(['get', 'list']);
  expect(one.end).toBe(Buffer.byteLength(first + second));
  expect(await readAuditLog(path, one.end, () => true)).toEqual({ events: [], end: one.end });
  appendFileSync(path, third.slice(40));
  const two = await readAuditLog(path, one.end, () => true);
  expect(two.events.map(({ verb }) => verb)).toEqual(['watch']);
  expect(two.end).toBe(auditLogEnd(path));
});

test('an event has the user, the impersonated user, the object and the status', async () => {
  const path = join(folder, 'events.log');
  const impersonatedUser = { username: 'ann', extra: { scopes: ['read'] } };
  const objectRef = { resource: 'releaseconfigs', apiGroup: 'a.io', namespace: 'shop', name: 'web', subresource: 's' };
  appendFileSync(
    path,
    line('patch', { impersonatedUser, objectRef, requestObject: { a: 1 }, responseStatus: { code: 409 } }),
  );
  appendFileSync(path, line('get', { objectRef: undefined, responseStatus: undefined }));
  const { events } = await readAuditLog(path, 0, () => true);
  const uri = '/api/v1/namespaces/shop/secrets/x';
  expect(events).toEqual([
    {
      verb: 'patch',
      user: 'walm',
      impersonated: 'ann',
      extra: { scopes: ['read'] },
      resource: 'releaseconfigs',
      group: 'a.io',
      subresource: 's',
      namespace: 'shop',
      name: 'web',
      uri,
      code: 409,
      request: { a: 1 },
    },
    { verb: 'get', user: 'walm', resource: '', group: '', subresource: '', namespace: '', name: '', uri, code: 0 },
  ]);
});

test('only what is wanted is kept, and what is not JSON is an error', async () => {
  const path = join(folder, 'broken.log');
  appendFileSync(path, `${line('get')}${line('list')}`);
  expect((await readAuditLog(path, 0, ({ verb }) => verb === 'list')).events).toHaveLength(1);
  appendFileSync(path, 'broken\n');
  await expect(readAuditLog(path, 0, () => true)).rejects.toThrow('JSON');
});
