import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/harness/eventually.ts';
import {
  answer,
  type Script,
  type ScriptedApiServer,
  startScriptedApiServer,
  statusBody,
} from '../../../../test/harness/fakes/scripted-api-server.ts';
import { type RoundTrips, startRoundTrips } from '../../../../test/harness/timing/round-trips.ts';
import { createManualClock, type ManualClock } from '../../memory/manual-clock.ts';
import { createKubeApi, type KubeApi } from '../client/kube-api.ts';
import { createObjectWatch, type ObjectWatch } from './object-watch.ts';

let server: ScriptedApiServer;
/** Time passes only when nothing is on its way. */
let trips: RoundTrips;
let kube: KubeApi;
let clock: ManualClock;
let stop: AbortController;
let reported: string[];
let watch: ObjectWatch;
let done: Promise<void>;

beforeAll(async () => {
  trips = await startRoundTrips();
});
afterAll(() => trips.close());

async function start(relistMs: number | undefined, ...scripts: Script[]): Promise<void> {
  server = await startScriptedApiServer(...scripts);
  kube = createKubeApi({ kubeconfig: server.kubeconfig });
  clock = createManualClock();
  stop = new AbortController();
  reported = [];
  watch = createObjectWatch(
    { kube, clock, random: () => 1 },
    { apiVersion: 'v1', kind: 'Pod', path: '/api/v1/pods', ...(relistMs !== undefined && { relistMs }) },
    {
      onReplace: (all) =>
        reported.push(`all: ${all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`),
      onEvent: (type, object) => reported.push(`${type} ${object.metadata.name}`),
      onError: (error) => reported.push(`error: ${error instanceof Error ? error.message : 'odd'}`),
    },
  );
  done = watch.run(stop.signal);
}

afterEach(async () => {
  stop.abort();
  await done;
  kube.close();
  await server.close();
});

function send(response: ServerResponse, type: string, name: string, resourceVersion: string, annotations = {}): void {
  response.write(`${JSON.stringify({ type, object: { metadata: { name, resourceVersion, annotations } } })}\n`);
}

/** Streams these objects and the mark that ends the initial events. */
function everything(resourceVersion: string, ...names: string[]): Script {
  return (_request, response) => {
    names.forEach((name) => send(response, 'ADDED', name, '1'));
    send(response, 'BOOKMARK', '', resourceVersion, { 'k8s.io/initial-events-end': 'true' });
  };
}

/** A watch that stays open and sends nothing. */
const silence: Script = (_request, response) => response.writeHead(200).flushHeaders();

/** Lets time pass until the server got so many requests, and returns how long that took, in milliseconds. */
async function untilAsked(times: number): Promise<number> {
  const began = clock.now();
  await eventually(
    async () => {
      if (server.requests.length < times) {
        await trips.settle();
        if (server.requests.length >= times) return;
        await clock.advance(100);
        throw new Error(`asked ${server.requests.length} times`);
      }
    },
    { everyMs: 1 },
  );
  return clock.now() - began;
}

function asked(index: number): URLSearchParams {
  return server.requests[index]?.url.searchParams ?? new URLSearchParams();
}

describe('an object watch', () => {
  it('has everything streamed first, then follows from there', async () => {
    await start(undefined, everything('10', 'a', 'b'), (_request, response) => {
      send(response, 'MODIFIED', 'a', '11');
    });
    await eventually(() => expect(reported).toEqual(['all: Pod a, Pod b', 'MODIFIED a']));
    expect([asked(0).get('sendInitialEvents'), asked(0).get('resourceVersion')]).toEqual(['true', '']);
    expect([asked(1).get('sendInitialEvents'), asked(1).get('resourceVersion')]).toEqual([null, '10']);
  });

  it('reads in pages where the API server cannot stream', async () => {
    const page =
      (name: string, next: string): Script =>
      (_request, response) =>
        answer(response, 200, { metadata: { resourceVersion: '20', continue: next }, items: [{ metadata: { name } }] });
    await start(
      undefined,
      (_request, response) => answer(response, 422, statusBody(422, 'Invalid')),
      page('a', 'more'),
      page('b', ''),
      silence,
    );
    await eventually(() => expect(reported).toEqual(['all: Pod a, Pod b']));
    await untilAsked(4);
    expect([asked(2).get('continue'), asked(3).get('resourceVersion')]).toEqual(['more', '20']);
  });

  it('goes on from the last bookmark when the API server ends the watch, at once', async () => {
    await start(
      undefined,
      everything('10', 'a'),
      (_request, response) => {
        send(response, 'BOOKMARK', '', '15');
        void clock.advance(2_000).then(() => response.end());
      },
      silence,
    );
    expect(await untilAsked(3)).toBeLessThan(3_000);
    expect(asked(2).get('resourceVersion')).toBe('15');
    expect(reported).toEqual(['all: Pod a']);
  });

  it('reads everything again when the API server has forgotten what happened since', async () => {
    const forgotten = JSON.stringify({ type: 'ERROR', object: statusBody(410, 'Expired', 'too old') });
    await start(
      undefined,
      everything('10', 'a'),
      (_request, response) => response.end(`${forgotten}\n`),
      everything('90', 'b'),
      silence,
    );
    await untilAsked(4);
    expect(reported).toEqual(['all: Pod a', 'error: too old', 'all: Pod b']);
  });

  it('waits longer and longer for a server that fails, up to eight seconds', async () => {
    await start(undefined, (_request, response) => answer(response, 500, statusBody(500, 'InternalError')));
    await untilAsked(1);
    const pauses: number[] = [];
    for (let times = 2; times <= 8; times += 1) {
      pauses.push(await untilAsked(times));
    }
    expect(pauses.map((pause) => Math.round(pause / 250))).toEqual([1, 2, 4, 8, 16, 32, 32]);
  });

  it('does not ask without end a server that ends every watch at once', async () => {
    await start(undefined, everything('10'), (_request, response) => response.end());
    await untilAsked(4);
    expect(await untilAsked(5)).toBeGreaterThanOrEqual(900);
  });

  it('gives up a watch that is silent for longer than the API server would be', async () => {
    await start(undefined, everything('10', 'a'), silence, silence);
    await untilAsked(2);
    const took = await untilAsked(3);
    expect([took >= 18_000, took <= 19_000]).toEqual([true, true]);
    expect(asked(2).get('resourceVersion')).toBe('10');
  });

  it('finds nothing of a kind that is not served, and looks again', async () => {
    await start(
      undefined,
      (_request, response) => answer(response, 404, statusBody(404, 'NotFound', 'no such resource')),
      everything('10', 'a'),
      silence,
    );
    await untilAsked(3);
    expect(reported).toEqual(['error: no such resource', 'all: ', 'all: Pod a']);
  });

  it('reads everything again after a while, if configured', async () => {
    await start(
      5_000,
      everything('10', 'a'),
      (_request, response) => void clock.advance(6_000).then(() => response.end()),
      everything('20', 'b'),
      silence,
    );
    await untilAsked(3);
    await eventually(() => expect(reported).toEqual(['all: Pod a', 'all: Pod b']));
  });

  it('counts the orderly end of a watch without events as a sign of life', async () => {
    const ended: Script = (_request, response) => void response.writeHead(200).end();
    await start(undefined, everything('5', 'a'), ended, silence);
    await untilAsked(3);
    expect(watch.state()).toMatchObject({ kind: 'Pod', problem: null });
    expect(clock.now() - watch.state().heardAt).toBeLessThan(2_000);
    expect(watch.state().heardAt).toBeGreaterThan(0);
  });
});
