import type { HelmAdapter } from '../ports/gate/gated-adapters.ts';

export type Taken = HelmAdapter['install'];
