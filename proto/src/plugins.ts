import { BaseService } from './gen/odpf/optimus/plugins/v1beta1/base_pb.ts';
import { CLIModService } from './gen/odpf/optimus/plugins/v1beta1/cli_pb.ts';
import { DependencyResolverModService } from './gen/odpf/optimus/plugins/v1beta1/dependency_resolver_pb.ts';

export * from './gen/odpf/optimus/plugins/v1beta1/base_pb.ts';
export * from './gen/odpf/optimus/plugins/v1beta1/cli_pb.ts';
export * from './gen/odpf/optimus/plugins/v1beta1/dependency_resolver_pb.ts';

/** Every service a plugin may offer (package `odpf.optimus.plugins.v1beta1`). */
export const services = [BaseService, CLIModService, DependencyResolverModService] as const;
