import type { DescService } from '@bufbuild/protobuf';
import { Server, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { GRPCBroker, GRPCController, GRPCStdio } from '@optimus/proto/go-plugin';
import { Health, reflectionV1, reflectionV1alpha } from '@optimus/proto/grpc';
import { BaseService, CLIModService, DependencyResolverModService } from '@optimus/proto/plugins';
import type { Logger } from './logger.ts';
import type { Plugin } from './plugin.ts';
import type { OutputRelay } from './process/output-relay.ts';
import { createBaseHandlers } from './services/base-service.ts';
import { createBrokerImplementation } from './services/broker-service.ts';
import { createCallContextSource } from './services/call-context.ts';
import { createCliHandlers } from './services/cli-service.ts';
import { createControllerImplementation } from './services/controller-service.ts';
import { createDependencyResolverHandlers } from './services/dependency-resolver-service.ts';
import { createHealthImplementation } from './services/health-service.ts';
import { createReflectionImplementation, type ServedService } from './services/reflection-service.ts';
import { toServiceDefinition } from './services/service-definition.ts';
import { createStdioImplementation } from './services/stdio-service.ts';
import { toImplementation } from './services/unary-handlers.ts';

/** A service and what it does, under each name that hosts call it by. */
interface Registration {
  readonly service: DescService;
  readonly implementation: UntypedServiceImplementation;
  readonly names: ReadonlyArray<string>;
}

export interface PluginServerOptions {
  readonly log: Logger;
  readonly relay: OutputRelay;
  /** The host asked the plugin to end. */
  readonly onShutdown: () => void;
}

/** Every service of the protocol, bound to nothing yet. Messages have no size limit, in either direction. */
export function createPluginServer(plugin: Plugin, options: PluginServerOptions): Server {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const served: ServedService[] = [];
  const registrations = [...listPluginServices(plugin, options.log), ...listSideServices(options, served)];
  for (const { service, implementation, names } of registrations) {
    for (const name of names) {
      server.addService(toServiceDefinition(service, name), implementation);
      served.push({ name, service });
    }
  }
  return server;
}

/** Besides today's names, each is served by the one it had in 2021, which is the one the public guide links. */
function listPluginServices(plugin: Plugin, log: Logger): Registration[] {
  const contextOf = createCallContextSource(log);
  const registrations: Registration[] = [
    {
      service: BaseService,
      implementation: toImplementation(BaseService, createBaseHandlers(plugin)),
      names: [BaseService.typeName, 'odpf.optimus.plugins.Base'],
    },
  ];
  if (plugin.cli) {
    registrations.push({
      service: CLIModService,
      implementation: toImplementation(CLIModService, createCliHandlers(plugin.cli, contextOf)),
      names: [CLIModService.typeName, 'odpf.optimus.plugins.CLIMod'],
    });
  }
  if (plugin.dependencyResolver) {
    const handlers = createDependencyResolverHandlers(plugin.dependencyResolver, contextOf);
    registrations.push({
      service: DependencyResolverModService,
      implementation: toImplementation(DependencyResolverModService, handlers),
      names: [DependencyResolverModService.typeName, 'odpf.optimus.plugins.DependencyResolverMod'],
    });
  }
  return registrations;
}

function listSideServices(
  { relay, onShutdown }: PluginServerOptions,
  served: ReadonlyArray<ServedService>,
): Registration[] {
  const listServices = () => served;
  const alpha = createReflectionImplementation(
    reflectionV1alpha.ServerReflectionResponseSchema,
    listServices,
  );
  const v1 = createReflectionImplementation(reflectionV1.ServerReflectionResponseSchema, listServices);
  const sides: ReadonlyArray<readonly [DescService, UntypedServiceImplementation]> = [
    [Health, createHealthImplementation()],
    [GRPCController, createControllerImplementation(onShutdown)],
    [GRPCStdio, createStdioImplementation(relay)],
    [GRPCBroker, createBrokerImplementation()],
    [reflectionV1alpha.ServerReflection, alpha],
    [reflectionV1.ServerReflection, v1],
  ];
  return sides.map(([service, implementation]) => ({ service, implementation, names: [service.typeName] }));
}
