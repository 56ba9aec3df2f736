import type { Config } from './config-options.ts';
import type { MemoryUnit } from '../domain/metainfo/memory-unit.ts';

/** The unit of memory that the configuration comes to: the original Walm's was Mi (decisions 16 and 22). */
export function memoryUnitOf(config: Pick<Config, 'compatibility' | 'metaInfo'>): MemoryUnit {
  return config.compatibility === 'original' ? 'Mi' : config.metaInfo.memoryUnit;
}
