import { afterEach, describe, expect, test } from 'vitest';
import { answer, startScriptedApiServer, statusBody } from '../../../../test/harness/fakes/scripted-api-server.ts';
import { callerOf } from '../../../domain/access/caller.ts';
import { podLogsConformance } from '../../../ports/cluster/pod-logs.conformance.ts';
import { createKubeApi } from '../client/kube-api.ts';
import { createKubePodLogs } from './pod-logs.ts';

podLogsConformance('the API server', async ({ pieces, goesOn }) => {
  let reads = 0;
  const server = await startScriptedApiServer(({ url }, response) => {
    if (!url.pathname.includes('/pods/web/')) {
      answer(response, 404, statusBody(404, 'NotFound', 'pods "none" not found'));
      return;
    }
    reads += 1;
    response.on('close', () => (reads -= 1));
    response.writeHead(200, { 'Content-Type': 'text/plain' });
    pieces.forEach((piece) => response.write(piece));
    if (!goesOn) {
      response.end();
    }
  });
  const kube = createKubeApi({ kubeconfig: server.kubeconfig });
  return {
    logs: createKubePodLogs({ kube }),
    openReads: () => reads,
    close: () => {
      kube.close();
      return server.close();
    },
  };
});

describe('the API server is asked for a log', () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(() => close?.());

  async function serve(status: number, body: object) {
    const server = await startScriptedApiServer((_request, response) => answer(response, status, body));
    const kube = createKubeApi({ kubeconfig: server.kubeconfig });
    close = () => {
      kube.close();
      return server.close();
    };
    return { logs: createKubePodLogs({ kube }), server };
  }
  const web = { namespace: 'demo', name: 'web' };
  const reading = { as: callerOf({ user: 'ann', groups: ['dev'] }), signal: new AbortController().signal };
  const query = { container: 'app', follow: false, previous: true, timestamps: false };

  test('in the name of the caller, with what was asked for', async () => {
    const { logs, server } = await serve(200, {});
    await logs.open(web, { ...query, tail: 3, sinceSec: 60, limitBytes: 100 }, reading);
    const [request] = server.requests;
    expect(request?.headers['impersonate-user']).toBe('ann');
    expect(`${request?.url.pathname}${request?.url.search}`).toBe(
      '/api/v1/namespaces/demo/pods/web/log?container=app&follow=false&previous=true&timestamps=false&tailLines=3&sinceSeconds=60&limitBytes=100',
    );
  });

  test.each([
    [400, 'container "app" in pod "web" is waiting to start: ContainerCreating', 'CONTAINER_WAITING'],
    [400, 'previous terminated container "app" in pod "web" not found', 'CONTAINER_WAITING'],
    [400, 'container app is not valid for pod web', 'CONTAINER_NOT_FOUND'],
    [404, 'the server could not find the requested resource', 'LOGS_UNAVAILABLE'],
    [500, 'Get "https://10.0.0.1:10250/containerLogs": dial tcp: connection refused', 'LOGS_UNAVAILABLE'],
    [403, 'pods "web" is forbidden: User "ann" cannot get resource "pods/log"', 'FORBIDDEN'],
  ])('and its refusal %i %s is %s', async (status, message, code) => {
    const { logs } = await serve(status, statusBody(status, 'BadRequest', message));
    await expect(logs.open(web, query, reading)).rejects.toMatchObject({ code });
  });
});
