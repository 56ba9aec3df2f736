import { podLogsConformance } from '../../../ports/cluster/pod-logs.conformance.ts';
import { createMemoryPodLogs } from './pod-logs.ts';

podLogsConformance('memory', (given) => {
  const logs = createMemoryPodLogs({ 'demo/web/app': given });
  return Promise.resolve({ logs, openReads: () => logs.reads, close: () => Promise.resolve() });
});
