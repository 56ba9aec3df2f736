import { rolloutMarksConformance } from '../../ports/rollout-marks.conformance.ts';
import { createMemoryRolloutMarks } from './rollout-marks.ts';

rolloutMarksConformance('memory', () => Promise.resolve({ marks: createMemoryRolloutMarks(), key: 'demo/web' }));
