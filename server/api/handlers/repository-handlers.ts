import type { AddRepository } from '../../services/charts/add-repository.ts';
import type { CheckRepository } from '../../services/charts/check-repository.ts';
import type { RemoveRepository } from '../../services/charts/remove-repository.ts';
import { warningsHeader } from '../answers/warnings-header.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases that change which repositories there are. */
export interface RepositoryServices {
  readonly addRepository: AddRepository;
  readonly checkRepository: CheckRepository;
  readonly removeRepository: RemoveRepository;
}

/** The handlers of the operations that change which repositories there are. */
export function createRepositoryHandlers(
  services: RepositoryServices,
): HandlersOf<'addRepository' | 'checkRepository' | 'removeRepository'> {
  return {
    addRepository: async ({ body, query, caller, signal, warnings }) => ({
      status: 200,
      body: await services.addRepository(body, query, caller, signal),
      headers: warningsHeader(warnings),
    }),
    checkRepository: async ({ path, caller, signal }) => ({
      status: 200,
      body: await services.checkRepository(path.repo, caller, signal),
    }),
    removeRepository: async ({ path, query, caller, visible, warnings }) => {
      const removal = await services.removeRepository(path.repo, query, caller, visible);
      return { status: 200, body: { ...removal, warnings: [...warnings, ...removal.warnings] } };
    },
  };
}
