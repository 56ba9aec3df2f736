import { releaseCacheConformance } from '../../ports/storage/release-cache.conformance.ts';
import { createMemoryReleaseCache } from './release-cache.ts';

releaseCacheConformance(() => Promise.resolve(createMemoryReleaseCache()));
