import type { HelmCharts } from './helm-charts.ts';
import type { HelmControl } from './helm-control.ts';
import type { HelmReader } from './helm-reader.ts';
import type { HelmWriter } from './helm-writer.ts';

/** Helm, as Walm uses it: its writes go through the gate. */
export interface HelmEngine extends HelmCharts, HelmReader, HelmWriter, HelmControl {}
