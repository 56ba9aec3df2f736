import type { SharedHash } from '../../../server/ports/storage/shared-cache.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The Redis of the simulated world: hashes that all servers write, and that may be lost at any time. */
export interface SharedHashes {
  content(hash: SharedHash): Map<string, string>;
  isUp(): boolean;
  /** It is unreachable for this time, and empty afterwards. */
  lose(ms: number): void;
  onChange(listener: (up: boolean) => void): void;
}

/** Empty at first. */
export function createSharedHashes(time: VirtualTime): SharedHashes {
  const hashes = new Map<SharedHash, Map<string, string>>();
  const listeners: ((up: boolean) => void)[] = [];
  let upAt = 0;
  const isUp = () => time.now() >= upAt;
  const tell = () => listeners.forEach((listener) => listener(isUp()));

  return {
    content(hash) {
      const known = hashes.get(hash) ?? new Map<string, string>();
      hashes.set(hash, known);
      return known;
    },
    isUp,
    lose(ms) {
      if (!isUp()) return;
      hashes.clear();
      upAt = time.now() + ms;
      tell();
      time.after(ms, tell);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
