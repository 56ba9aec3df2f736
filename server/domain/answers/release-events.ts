import type { ReleaseStatusChange } from '../../../contract/schemas/event.ts';
import { deletedConfigData, type ReleaseStatus } from './release-status.ts';
import type { JsonObject } from '../json/json.ts';
import { parseReleaseKey, type ReleaseKey } from '../names/release-key.ts';
import { sortedJson } from '../json/sorted-json.ts';

/** An event about a release: its key keeps the order, its value is JSON. */
export type ReleaseEvent = { key: ReleaseKey; value: string };

/** Value of the topic `release-config`, in the original Walm's format; `data` null means that the release is gone. */
export function configEvent(key: ReleaseKey, data: JsonObject | null): ReleaseEvent {
  const { namespace, name } = parseReleaseKey(key);
  const value =
    data === null ? { type: 'Delete', data: deletedConfigData(namespace, name) } : { type: 'CreateOrUpdate', data };
  return { key, value: JSON.stringify(value) };
}

/** Value of the topic `release-status`. */
export function statusEvent({ key, ...status }: ReleaseStatus): ReleaseEvent {
  return { key, value: JSON.stringify(status satisfies ReleaseStatusChange) };
}

/** The content of a status without its time: two texts are equal exactly if nothing changed. */
export function statusText({ sequence: _sequence, time: _time, ...status }: ReleaseStatus): string {
  return sortedJson(status);
}
