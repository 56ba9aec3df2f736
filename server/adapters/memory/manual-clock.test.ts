import { clockConformance } from '../../ports/runtime/clock.conformance.ts';
import { createManualClock } from './manual-clock.ts';

clockConformance('manual', () => {
  const clock = createManualClock();
  return { clock, pass: clock.advance };
});
