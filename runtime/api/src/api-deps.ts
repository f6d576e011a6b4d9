import type {
  ChangeFeed,
  CompileRunContext,
  ComputeWindow,
  ContextStore,
  FindMissingValues,
  FindTemplateProblems,
  InferResources,
  JobIndex,
  JobStore,
  LineageStore,
  LogStore,
  NamespaceStore,
  OtherServers,
  PluginCatalog,
  ProjectStore,
  RunChangeStore,
  RunFactsStore,
  RunStore,
  SecretStore,
} from '@optimus/domain';

/** What the use cases behind the API need of the world. */
export interface ApiDeps {
  readonly projects: ProjectStore;
  readonly namespaces: NamespaceStore;
  readonly secrets: SecretStore;
  readonly jobs: JobStore;
  readonly index: JobIndex;
  readonly lineages: LineageStore;
  readonly runs: RunStore;
  readonly runChanges: RunChangeStore;
  readonly facts: RunFactsStore;
  readonly contexts: ContextStore;
  readonly logs: Pick<LogStore, 'read' | 'readTail' | 'waitForMore'>;
  readonly plugins: PluginCatalog;
  readonly others: Pick<OtherServers, 'names' | 'findWriter'>;
  readonly changes: ChangeFeed;
  readonly computeWindow: ComputeWindow;
  readonly findTemplateProblems: FindTemplateProblems;
  readonly findMissingValues: FindMissingValues;
  readonly inferResources: InferResources;
  readonly compileRunContext: CompileRunContext;
  /** The host of this server: it has the logs of attempts that ran there. */
  readonly hostId: string;
  /** The time by the database: servers' clocks need not agree. */
  readonly now: () => Date | Promise<Date>;
}
