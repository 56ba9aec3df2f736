import type { HelmCharts } from './helm-charts.ts';
import type { HelmControl } from './helm-control.ts';
import type { HelmReader } from './helm-reader.ts';
import type { HelmWriter, PassedCall } from './helm-writer.ts';

/** Helm, as Walm uses it: its writes go through the gate. */
export interface HelmEngine extends HelmCharts, HelmReader, HelmWriter, HelmControl {}

/** Helm as an adapter provides it to the gate: its writes require what only the gate provides. */
export interface HelmAdapter extends HelmCharts, HelmReader, HelmWriter<[call: PassedCall]>, HelmControl {}
