import type { HelmCharts } from './helm-charts.ts';
import type { HelmControl } from './helm-control.ts';
import type { HelmReader } from './helm-reader.ts';
import type { HelmWriter, PassedCall } from './helm-writer.ts';

/** Helm, as Walm uses it: what writes goes through the gate. */
export interface HelmEngine extends HelmCharts, HelmReader, HelmWriter, HelmControl {}

/** Helm as an adapter offers it to the gate: what writes asks for what only the gate gives. */
export interface HelmAdapter extends HelmCharts, HelmReader, HelmWriter<[call: PassedCall]>, HelmControl {}
