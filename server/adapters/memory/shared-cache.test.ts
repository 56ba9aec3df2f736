import { sharedCacheConformance } from '../../ports/storage/shared-cache.conformance.ts';
import { createMemorySharedCache } from './shared-cache.ts';

sharedCacheConformance(() => Promise.resolve(createMemorySharedCache()));
