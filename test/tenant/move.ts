import type { SeededRandom } from '../chaos/seeded-random.ts';
import type { Ears } from './ears.ts';

/** Releases of honest people, which a tenant knows by name and has no right to. */
export interface Target {
  namespace: string;
  release: string;
  /** A Secret with a canary. */
  secret: string;
}

/** What a tenant plays with. */
export interface TenantStage {
  /** The one namespace in which they have `edit` and `walm-edit`. */
  namespace: string;
  /** Their user. */
  user: string;
  /** Every answer that they get is heard. */
  ears: Ears;
  random: SeededRandom;
  targets: readonly Target[];
  systemNamespace: string;
  /** Names of releases that they use over and over, so that moves meet each other's traces. */
  releases: readonly string[];
}

/** Something that a tenant does; whatever comes back is fine but an answer of 500, which the ears report. */
export interface Move {
  name: string;
  play(stage: TenantStage): Promise<unknown>;
}
