import { core, grpc } from '@optimus/proto';
import type { ApiDeps } from '../api-deps.ts';
import { bindService, bindUnsupported } from '../call/bind-service.ts';
import type { BoundMethod } from '../call/call.ts';
import { createHealthHandlers } from '../grpc/health-service.ts';
import { createReflectionHandlers } from '../grpc/reflection-service.ts';
import { createSymbolIndex } from '../grpc/symbol-index.ts';
import type { RunChangeHub } from '../run-changes/run-change-hub.ts';
import { createJobChangeHandlers } from './job-change-service.ts';
import { createJobLineageHandlers } from './job-lineage-service.ts';
import { createJobRunHandlers } from './job-run-service.ts';
import { createJobSpecificationHandlers } from './job-specification-service.ts';
import { createNamespaceHandlers } from './namespace-service.ts';
import { createProjectHandlers } from './project-service.ts';
import { createRuntimeHandlers } from './runtime-service.ts';
import { createSecretHandlers } from './secret-service.ts';

const reflections = [grpc.reflectionV1.ServerReflection, grpc.reflectionV1alpha.ServerReflection] as const;

/** Every rpc that the server answers: its own API, health, and reflection over all of it. */
export function bindServices(deps: ApiDeps, hub: RunChangeHub, version: string): readonly BoundMethod[] {
  const index = createSymbolIndex([...core.services, grpc.Health, ...reflections]);
  const serviceNames = core.services.map(({ typeName }) => typeName);
  return [
    ...bindService(core.RuntimeService, createRuntimeHandlers(deps, version), {
      registerJobEvent: 'attempt',
    }),
    ...bindService(core.ProjectService, createProjectHandlers(deps)),
    ...bindService(core.NamespaceService, createNamespaceHandlers(deps)),
    ...bindService(core.SecretService, createSecretHandlers(deps)),
    ...bindService(core.JobSpecificationService, createJobSpecificationHandlers(deps)),
    ...bindService(core.JobChangeService, createJobChangeHandlers(deps)),
    ...bindService(core.JobLineageService, createJobLineageHandlers(deps)),
    ...bindService(core.JobRunService, createJobRunHandlers(deps, hub), {
      registerInstance: 'attempt',
      jobRunInput: 'attempt',
      registerJobEvent: 'attempt',
    }),
    ...bindUnsupported(core.ResourceService, 'resources of datastores are'),
    ...bindUnsupported(core.ReplayService, 'replays are'),
    ...bindUnsupported(core.BackupService, 'backups are'),
    ...bindService(grpc.Health, createHealthHandlers(serviceNames), 'anybody'),
    ...reflections.flatMap((service) => bindService(service, createReflectionHandlers(index))),
  ];
}
