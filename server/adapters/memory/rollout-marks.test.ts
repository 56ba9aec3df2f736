import { rolloutMarksConformance } from '../../ports/storage/rollout-marks.conformance.ts';
import { createMemoryRolloutMarks } from './rollout-marks.ts';

rolloutMarksConformance('memory', () => Promise.resolve({ marks: createMemoryRolloutMarks(), key: 'demo/web' }));
