import { moves as charts } from './moves/play-charts.ts';
import { moves as cluster } from './moves/play-cluster.ts';
import { moves as objects } from './moves/play-objects.ts';
import { moves as records } from './moves/play-records.ts';
import { moves as requests } from './moves/play-requests.ts';
import type { Move } from './move.ts';

/** Everything that a tenant can do. */
export const MOVES: readonly Move[] = [...charts, ...cluster, ...objects, ...records, ...requests];
