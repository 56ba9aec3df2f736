import type { SeededRandom } from '../harness/seeded-random.ts';
import type { Ears } from './ears.ts';

/** Releases of honest users, which the tenant knows by name and has no right to. */
export interface Target {
  namespace: string;
  release: string;
  /** A Secret with a canary. */
  secret: string;
}

/** What a tenant can use. */
export interface TenantStage {
  /** The one namespace in which the tenant has `edit` and `walm-edit`. */
  namespace: string;
  /** The tenant's user. */
  user: string;
  /** Every answer that the tenant gets is recorded. */
  ears: Ears;
  random: SeededRandom;
  targets: readonly Target[];
  systemNamespace: string;
  /** Names of releases that the tenant uses again and again, so that moves meet each other's traces. */
  releases: readonly string[];
}

/** Something that a tenant does; any answer but a 500 is acceptable, which the ears report. */
export interface Move {
  name: string;
  play(stage: TenantStage): Promise<unknown>;
}
