import { createHash } from 'node:crypto';
import { configEvent, statusEvent, statusText } from '../../domain/answers/release-events.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import { deletedStatus } from '../../domain/answers/release-status.ts';
import { sortedJson } from '../../domain/json/sorted-json.ts';
import { type Clock, timestamp, whenAborted } from '../../ports/runtime/clock.ts';
import type { DeliveryMark, DeliveryMarks } from '../../ports/storage/delivery-marks.ts';
import type { EventBus, EventRecord } from '../../ports/runtime/event-bus.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import { createAlarm } from '../loop/alarm.ts';
import { createResendRound } from './resend-round.ts';
import type { FollowedRelease, ReleaseStatuses } from '../releases/release-statuses.ts';
import { type LeaderTerm, whileLeading } from '../loop/while-leading.ts';

export type EventDeliveryDeps = {
  statuses: Pick<ReleaseStatuses, 'get' | 'all' | 'subscribe'>;
  /**
   * Resolves when `statuses` knows every release: only then does a mark without a status mean that the release is gone.
   */
  complete: Promise<unknown>;
  bus: Pick<EventBus, 'publish'>;
  marks: DeliveryMarks;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  clock: Clock;
  topics: { config: string; status: string };
  /**
   * Every release is published again within this time, in milliseconds (decision 43: every release is sent again
   * regularly).
   */
  resendMs: number;
  onError: (error: unknown) => void;
  /** Called with the seconds that a change waited for its acknowledgement. */
  onDelivered?: (lagSeconds: number) => void;
};

export type EventDelivery = {
  /** Publishes while this replica leads, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Number of releases whose present state is not published yet. */
  pending(): number;
};

const BATCH = 200;
/**
 * Stored before anything about a release, or its configuration, is published for the first time: after a crash right
 * afterwards, the next leader knows that consumers may know the release, and tells them when it is gone.
 */
const UNCERTAIN: DeliveryMark = { config: 'uncertain', status: 'uncertain' };
/** How long the loop sleeps without events: resending is spread in steps of this length. */
const TICK_MS = 1_000;

/**
 * Publishes the state of every release whenever it differs from the state that the marks record as published, so
 * nothing has to be remembered across a crash or an outage. Delivery is at least once, in order per release, and always
 * of the latest state.
 */
export function createEventDelivery(deps: EventDeliveryDeps): EventDelivery {
  const { statuses, bus, marks, leadership, clock, topics, resendMs, onError } = deps;
  /** Keys to check, and since when (milliseconds since the epoch). */
  const pending = new Map<ReleaseKey, number>();
  const alarm = createAlarm(clock);
  let onItsWay = 0;

  function note(key: ReleaseKey): void {
    if (!pending.has(key)) {
      pending.set(key, clock.now());
    }
    alarm.ring();
  }

  function recordsOf(key: ReleaseKey, known: DeliveryMark | undefined, again: boolean) {
    const release = statuses.get(key);
    const mark = release === undefined ? null : markOf(release);
    if (release === undefined && known === undefined) {
      return { mark, records: [] };
    }
    const config = release?.config ?? null;
    const status = release?.status ?? deletedStatus(key, { sequence: clock.now(), time: timestamp(clock) });
    const wasPublished = known !== undefined && known.config !== '';
    const records: EventRecord[] = [];
    if ((config !== null || wasPublished) && (again || mark?.config !== known?.config)) {
      records.push({ topic: topics.config, ...configEvent(key, config) });
    }
    if (again || mark?.status !== known?.status) {
      records.push({ topic: topics.status, ...statusEvent(status) });
    }
    return { mark, records };
  }

  /** One term of leadership, starting from the stored marks. */
  async function deliver({ signal, send }: LeaderTerm): Promise<void> {
    const known = await marks.load();
    const unsaved = new Map<ReleaseKey, DeliveryMark | null>();
    const resend = createResendRound(resendMs, clock.now());
    const again = new Set<ReleaseKey>();
    let savedAt = clock.now();

    const save = async () => {
      const changes = new Map(unsaved);
      unsaved.clear();
      savedAt = clock.now();
      await marks.save(changes);
    };

    const isFirst = (key: ReleaseKey, mark: DeliveryMark | null) => {
      const former = known.get(key);
      return former === undefined || (former.config === '' && mark !== null && mark.config !== '');
    };

    /** Stores the mark of releases that may now be published for the first time. */
    const announce = async (keys: readonly ReleaseKey[]) => {
      if (keys.length > 0) {
        await marks.save(new Map(keys.map((key) => [key, UNCERTAIN])));
        keys.forEach((key) => known.set(key, UNCERTAIN));
      }
    };

    const publishBatch = async (batch: readonly [ReleaseKey, number][]) => {
      const built = batch.map(([key, since]) => ({ key, since, ...recordsOf(key, known.get(key), again.has(key)) }));
      await announce(
        built.filter(({ key, mark, records }) => records.length > 0 && isFirst(key, mark)).map(({ key }) => key),
      );
      await send(() => bus.publish(built.flatMap(({ records }) => records)));
      for (const { key, since, mark, records } of built) {
        again.delete(key);
        if (mark === null) {
          known.delete(key);
        } else {
          known.set(key, mark);
        }
        if (records.length > 0) {
          unsaved.set(key, mark);
          deps.onDelivered?.((clock.now() - since) / 1000);
        }
      }
    };

    const publish = async () => {
      const batch = [...pending].slice(0, BATCH);
      // Whatever changes while the batch is being published is pending again.
      batch.forEach(([key]) => pending.delete(key));
      onItsWay = batch.length;
      try {
        await publishBatch(batch);
      } catch (error) {
        batch.forEach(([key, since]) => pending.set(key, since));
        throw error;
      } finally {
        onItsWay = 0;
      }
    };

    [...known.keys(), ...[...statuses.all()].map(({ status }) => status.key)].forEach(note);
    while (!signal.aborted) {
      for (const key of resend.due(clock.now(), () => [...statuses.all()].map(({ status }) => status.key))) {
        again.add(key);
        note(key);
      }
      if (pending.size > 0) {
        await publish();
      }
      if (unsaved.size > 0 && clock.now() - savedAt >= TICK_MS) {
        await save();
      }
      if (pending.size === 0) {
        await alarm.wait(TICK_MS, signal);
      }
    }
    if (unsaved.size > 0) {
      await save();
    }
  }

  return {
    pending: () => pending.size + onItsWay,
    async run(signal) {
      await Promise.race([deps.complete, whenAborted(signal)]);
      const stop = statuses.subscribe(({ status }) => {
        if (leadership.isLeader()) {
          note(status.key);
        }
      });
      await whileLeading({ leadership, clock, work: deliver, onError }, signal);
      stop();
    },
  };
}

function markOf({ status, config }: FollowedRelease): DeliveryMark {
  return { config: config === null ? '' : digest(sortedJson(config)), status: digest(statusText(status)) };
}

/** Short: a collision would only leave one change unpublished until the next resend. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
