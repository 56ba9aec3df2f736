import { sharedCacheConformance } from '../../ports/shared-cache.conformance.ts';
import { createMemorySharedCache } from './shared-cache.ts';

sharedCacheConformance(() => Promise.resolve(createMemorySharedCache()));
