import { expect, test } from 'vitest';
import { afterPlugin, refusalOf } from '../../../test/harness/charts/plugin-runs.ts';
import { manifestDocuments } from '../../../test/harness/charts/manifest-documents.ts';

const ingress = manifestDocuments(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
`);

function given(path: string) {
  const patch = [{ op: 'replace', path: '/spec/rules/0/http/paths/0/path', value: path }];
  const patches = [{ target: { kind: 'Ingress', name: 'web' }, type: 'json', patch }];
  return [ingress, 'CustomPatch', { patches }] as const;
}

// Proxies write the path into their configuration: it must not end the directive around it.
test.each(['/x" {', '/x;', '/x }', '/x\nlua', '/x\t', "/x'", '/x#', '/x\\', '/$(id)`', '/x\u2028', 'x', ''])(
  'the path %j is refused',
  (path) => expect(refusalOf(...given(path))).toMatchObject({ code: 'PLUGIN_REFUSED' }),
);

test.each(['/all', '/shop', '/shop(/|$)(.*)', '/a.b-c_d~e/%20', '/[a-z]+/?', '/:id/@me,*!&='])('%j is a path', (path) =>
  expect(JSON.stringify(afterPlugin(...given(path)))).toContain(JSON.stringify(path)),
);
