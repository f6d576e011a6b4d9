import type {
  DependencyResolverModService,
  GenerateDependenciesRequest,
  GenerateDestinationRequest,
} from '@optimus/proto/plugins';
import type { DependencyResolverMod, ResolveRequest } from '../plugin.ts';
import type { CallContextSource } from './call-context.ts';
import { fromAssets, fromConfigs, fromNamedValues } from './entries.ts';
import type { UnaryHandlers } from './unary-handlers.ts';

/** Serves what a job writes and reads. */
export function createDependencyResolverHandlers(
  mod: DependencyResolverMod,
  contextOf: CallContextSource,
): UnaryHandlers<typeof DependencyResolverModService> {
  return {
    async generateDestination(request, signal) {
      const { name, type } = await mod.generateDestination(
        fromResolveRequest(request),
        contextOf(request, signal),
      );
      return { destination: name, destinationType: type };
    },
    async generateDependencies(request, signal) {
      const urns = await mod.generateDependencies(fromResolveRequest(request), contextOf(request, signal));
      return { dependencies: [...(urns ?? [])] };
    },
  };
}

function fromResolveRequest(
  request: GenerateDestinationRequest | GenerateDependenciesRequest,
): ResolveRequest {
  return {
    config: fromConfigs(request.config),
    assets: fromAssets(request.assets),
    project: {
      name: request.project?.name ?? '',
      config: { ...request.project?.config },
      secrets: fromNamedValues(request.project?.secrets ?? []),
    },
  };
}
