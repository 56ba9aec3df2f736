import type { Config } from './config-options.ts';
import type { MemoryUnit } from '../domain/metainfo/memory-unit.ts';

/** The configured unit of memory; that of the original Walm was Mi (decisions 16 and 22: units and compatibility). */
export function memoryUnitOf(config: Pick<Config, 'compatibility' | 'metaInfo'>): MemoryUnit {
  return config.compatibility === 'original' ? 'Mi' : config.metaInfo.memoryUnit;
}
