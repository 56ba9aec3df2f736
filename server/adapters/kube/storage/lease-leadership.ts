import { type ObservedLease, mayClaim, observeLease } from './lease-claim.ts';
import { asNumber, asString, valueAt } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { type Clock, sleep } from '../../../ports/runtime/clock.ts';
import type { Leadership, Term } from '../../../ports/storage/leadership.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { resourcePath } from '../client/resource-path.ts';

const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' };
const LEASE_NAME = 'walm-leader';

/**
 * What an election needs. `identity` names this replica and stays the same across its restarts, so that a single
 * replica leads at once when it comes back. `renewMs` is the interval between two renewals; the lead is given up if
 * none succeeded for two thirds of `leaseMs`, which leaves the rest as a gap before the next leader.
 */
export type LeaseLeadershipDeps = {
  kube: KubeApi;
  clock: Clock;
  namespace: string;
  identity: string;
  leaseMs: number;
  renewMs: number;
  onError: (error: unknown) => void;
};

/** Elects the leader by a Lease in Walm's own namespace. */
export function createLeaseLeadership(deps: LeaseLeadershipDeps): Leadership {
  const { kube, clock, namespace, identity, leaseMs, renewMs, onError } = deps;
  const listeners = new Set<(leading: boolean) => void>();
  const giveUpMs = (leaseMs * 2) / 3;
  const path = resourcePath(LEASES, namespace, LEASE_NAME);
  let seen: ObservedLease | undefined;
  let leading = false;
  let renewedAt = 0;
  let number = 0;
  const renewals = new Set<(term: Term) => void>();
  const term = (): Term => ({ number, untilMs: renewedAt + giveUpMs });

  function settle(now: boolean): void {
    if (leading !== now) {
      leading = now;
      number += now ? 1 : 0;
      listeners.forEach((listener) => listener(now));
    }
  }

  function leaseObject(found: KubeObject | undefined, holder: string): object {
    const taken = found !== undefined && holder !== '' && stateOf(found).holder !== holder;
    const time = `${new Date(clock.now()).toISOString().slice(0, -1)}000Z`;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: LEASE_NAME,
        namespace,
        ...(found && { resourceVersion: found.metadata.resourceVersion }),
      },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: Math.max(1, Math.round(leaseMs / 1000)),
        acquireTime: taken || found === undefined ? time : (valueAt(found.spec, 'acquireTime') ?? time),
        renewTime: time,
        leaseTransitions: asNumber(valueAt(found?.spec, 'leaseTransitions')) + (taken ? 1 : 0),
      },
    };
  }

  async function find(signal?: AbortSignal): Promise<KubeObject | undefined> {
    try {
      return await kube.get(path, { timeoutMs: renewMs, ...(signal && { signal }) });
    } catch (error) {
      if (hasStatus(error, 404)) {
        return undefined;
      }
      throw error;
    }
  }

  async function write(found: KubeObject | undefined, holder: string): Promise<void> {
    const lease = leaseObject(found, holder);
    const call = { timeoutMs: renewMs };
    await (found === undefined
      ? kube.create(resourcePath(LEASES, namespace), lease, call)
      : kube.replace(path, lease, call));
  }

  /**
   * Reads the lease once, and writes it if it is free or this replica's own. A lost race is noticed at the next read.
   */
  async function seek(signal: AbortSignal): Promise<void> {
    const startedAt = clock.now();
    const found = await find(signal);
    if (found !== undefined) {
      seen = observeLease(stateOf(found), seen, clock.now());
      if (!mayClaim(seen, identity, clock.now())) {
        settle(false);
        return;
      }
    }
    try {
      await write(found, identity);
    } catch (error) {
      if (hasStatus(error, 409)) {
        return;
      }
      throw error;
    }
    if (!isSure()) {
      // Another replica may have led since the last renewal: work started before must not simply continue.
      settle(false);
    }
    renewedAt = startedAt;
    settle(true);
    renewals.forEach((listener) => listener(term()));
  }

  async function giveBack(): Promise<void> {
    if (!leading) {
      return;
    }
    settle(false);
    const found = await find();
    if (found !== undefined && stateOf(found).holder === identity) {
      await write(found, '');
    }
  }

  const isSure = () => leading && clock.now() - renewedAt < giveUpMs;

  return {
    isLeader: isSure,
    term: () => (isSure() ? term() : null),
    onRenewed(listener) {
      renewals.add(listener);
      return () => renewals.delete(listener);
    },
    isLed: () => isSure() || (seen !== undefined && !mayClaim(seen, identity, clock.now())),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(signal) {
      while (!signal.aborted) {
        await seek(signal).catch((error: unknown) => {
          if (!signal.aborted) {
            onError(error);
          }
        });
        if (!isSure()) {
          settle(false);
        }
        await sleep(clock, leading ? renewMs : Math.min(renewMs, 2000), signal).catch(() => undefined);
      }
      await giveBack().catch(onError);
    },
  };
}

function stateOf(lease: KubeObject) {
  return {
    holder: asString(valueAt(lease.spec, 'holderIdentity')),
    renewTime: asString(valueAt(lease.spec, 'renewTime')),
    durationMs: asNumber(valueAt(lease.spec, 'leaseDurationSeconds')) * 1000,
  };
}
