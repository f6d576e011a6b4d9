import type { JobFragment } from './job-schema.ts';

type Behavior = NonNullable<JobFragment['behavior']>;
type Task = NonNullable<JobFragment['task']>;
type Window = NonNullable<Task['window']>;
type Hook = JobFragment['hooks'][number];
type Dependency = JobFragment['dependencies'][number];
type Notify = Behavior['notify'][number];
type Webhook = Behavior['webhook'][number];

/**
 * A fragment with what it lacks taken from the folder above. What the child says wins, `false` and the empty text included; lists
 * and maps are joined. Names are never inherited.
 */
export function inherit(child: JobFragment, parent: JobFragment): JobFragment {
  return {
    ...fill(child, parent),
    name: child.name,
    labels: { ...parent.labels, ...child.labels },
    schedule: fillPart(child.schedule, parent.schedule),
    behavior: inheritPart(child.behavior, parent.behavior, inheritBehavior),
    task: inheritPart(child.task, parent.task, inheritTask),
    hooks: join(child.hooks, parent.hooks, ({ name }) => name, inheritHook),
    dependencies: join(child.dependencies, parent.dependencies, toDependencyKey, (own) => own),
    metadata: inheritPart(child.metadata, parent.metadata, inheritMetadata),
  };
}

function inheritBehavior(child: Behavior, parent: Behavior): Behavior {
  return {
    ...fill(child, parent),
    retry: fillPart(child.retry, parent.retry),
    notify: join(child.notify, parent.notify, ({ on }) => on ?? '', inheritNotify),
    webhook: join(child.webhook, parent.webhook, ({ on }) => on ?? '', inheritWebhook),
  };
}

function inheritNotify(child: Notify, parent: Notify): Notify {
  return {
    ...fill(child, parent),
    config: fillMap(child.config, parent.config),
    channels: [...new Set([...child.channels, ...parent.channels])],
  };
}

function inheritWebhook(child: Webhook, parent: Webhook): Webhook {
  return {
    ...child,
    endpoints: join(
      child.endpoints,
      parent.endpoints,
      ({ url }) => url,
      (own) => own,
    ),
  };
}

function inheritTask(child: Task, parent: Task): Task {
  return {
    ...fill(child, parent),
    config: fillMap(child.config, parent.config),
    window: inheritPart(child.window, parent.window, inheritWindow),
  };
}

/** A preset holds alone, so it and the parts of a window replace each other instead of mixing. */
function inheritWindow(child: Window, parent: Window): Window {
  if (child.preset !== undefined) return child;
  const isOwn = Object.values(child).some((part) => part !== undefined);
  return isOwn && parent.preset !== undefined ? child : fill(child, parent);
}

function inheritHook(child: Hook, parent: Hook): Hook {
  return { ...fill(child, parent), config: fillMap(child.config, parent.config) };
}

type Metadata = NonNullable<JobFragment['metadata']>;

function inheritMetadata(child: Metadata, parent: Metadata): Metadata {
  return {
    resource: inheritPart(child.resource, parent.resource, (own, above) => ({
      request: fillPart(own.request, above.request),
      limit: fillPart(own.limit, above.limit),
    })),
    airflow: fillPart(child.airflow, parent.airflow),
    kubernetes: fillPart(child.kubernetes, parent.kubernetes),
  };
}

/** Endpoints have names of their own: without them all would be one dependency on a job without a name. */
function toDependencyKey({ job, http }: Dependency): string {
  return http ? `http:${http.name}` : `job:${job ?? ''}`;
}

/** The child's values where it has any, else the parent's. */
function fill<T extends object>(child: T, parent: T): T {
  const said = Object.entries(child).filter(([, value]) => value !== undefined && value !== null);
  return { ...parent, ...Object.fromEntries(said) };
}

/** The child's order first, then what it lacks. */
function fillMap(
  child: Readonly<Record<string, string>>,
  parent: Readonly<Record<string, string>>,
): Record<string, string> {
  const lacking = Object.entries(parent).filter(([name]) => !Object.hasOwn(child, name));
  return { ...child, ...Object.fromEntries(lacking) };
}

function fillPart<T extends object>(child: T | null | undefined, parent: T | null | undefined) {
  return inheritPart(child, parent, fill);
}

function inheritPart<T>(
  child: T | null | undefined,
  parent: T | null | undefined,
  both: (child: T, parent: T) => T,
): T | null | undefined {
  return child && parent ? both(child, parent) : (child ?? parent);
}

/** The child's items, each with what its namesake above has, then the items that only the parent has. */
function join<T>(
  child: readonly T[],
  parent: readonly T[],
  toKey: (item: T) => string,
  both: (child: T, parent: T) => T,
): T[] {
  const above = new Map(parent.map((item) => [toKey(item), item]));
  const own = new Set(child.map(toKey));
  const merged = child.map((item) => {
    const namesake = above.get(toKey(item));
    return namesake === undefined ? item : both(item, namesake);
  });
  return [...merged, ...parent.filter((item) => !own.has(toKey(item)))];
}
