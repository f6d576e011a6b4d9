import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { create, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { core } from '@optimus/proto';
import { z } from 'zod';
import { fromSpecMessage, toSpecMessage } from '../spec/job-spec-message.ts';
import type { Deletion, Upsert } from './compare-jobs.ts';
import type { Registered } from './registration.ts';

/** A change that was planned: everything that is needed to make it, and upon which contents it rests. */
export interface ChangePlan {
  readonly project: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isForced: boolean;
  /** Undefined: project and namespaces are registered as they should be. */
  readonly registration: PlannedRegistration | undefined;
  readonly upserts: readonly Upsert[];
  readonly deletions: readonly Deletion[];
}

/** What is registered first, and upon what that rests. */
export interface PlannedRegistration {
  /** Undefined: the project was not registered. */
  readonly before: Registered | undefined;
  readonly wanted: Registered;
}

const VERSION = 2;

const config = z.record(z.string(), z.string());

const preset = z.object({
  description: z.string(),
  size: z.string(),
  truncateTo: z.string(),
  shiftBy: z.string().default(''),
  location: z.string().default(''),
});

const registered = z.object({
  config,
  presets: z.record(z.string(), preset),
  namespaces: z.record(z.string(), config),
});

const schema = z.object({
  version: z.literal(VERSION),
  project: z.string().min(1),
  createdAt: z.string(),
  isForced: z.boolean(),
  registration: z.object({ before: registered.optional(), wanted: registered }).optional(),
  upserts: z.array(
    z.object({
      namespace: z.string(),
      file: z.string(),
      contentHash: z.string(),
      movedFrom: z.string().optional(),
      basis: z.string().optional(),
      spec: z.record(z.string(), z.json()),
    }),
  ),
  deletions: z.array(z.object({ namespace: z.string(), name: z.string(), basis: z.string() })),
});

/** Writes a plan, all of it or nothing. @throws OptimusError `CONFIG_INVALID` when the file cannot be written */
export async function writePlan(file: string, plan: ChangePlan): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(
      draft,
      `${JSON.stringify({ version: VERSION, ...plan, upserts: plan.upserts.map(toStored) }, null, 2)}\n`,
    );
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new OptimusError('CONFIG_INVALID', { message: `the plan cannot be written to ${file}`, cause });
  }
}

function toStored({ spec, ...upsert }: Upsert) {
  return {
    ...upsert,
    spec: toJson(core.JobSpecificationSchema, create(core.JobSpecificationSchema, toSpecMessage(spec))),
  };
}

/** Reads a plan. @throws OptimusError `CONFIG_INVALID` naming what is wrong with the file */
export async function readPlan(file: string): Promise<ChangePlan> {
  const json = await readJson(file);
  assertVersion(file, json);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const { version: _, upserts, registration, ...plan } = parsed.data;
  return {
    ...plan,
    registration: registration && { before: registration.before, wanted: registration.wanted },
    upserts: upserts.map(({ spec, movedFrom, basis, ...upsert }) => ({
      ...upsert,
      movedFrom,
      basis,
      spec: readSpec(file, spec),
    })),
  };
}

/** What is written by another version of the command may mean something else. */
function assertVersion(file: string, json: unknown): void {
  const parsed = z.object({ version: z.number() }).safeParse(json);
  if (!parsed.success) throw invalid(file, 'it does not say which version of plans it is');
  const { version } = parsed.data;
  if (version === VERSION) return;
  throw new OptimusError('CONFIG_INVALID', {
    message: `${file} is a plan of version ${version}, and this command makes plans of version ${VERSION}`,
    hint: `apply it with the command that made it, or plan again with: optimus plan -o ${file}`,
  });
}

function readSpec(file: string, spec: JsonValue) {
  try {
    return fromSpecMessage(fromJson(core.JobSpecificationSchema, spec));
  } catch (thrown) {
    throw invalid(file, toErrorMessage(thrown));
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (thrown) {
    throw invalid(file, toErrorMessage(thrown));
  }
}

function invalid(file: string, problem: string): OptimusError {
  return new OptimusError('CONFIG_INVALID', {
    message: `${file} is no plan: ${problem}`,
    hint: 'make one with: optimus plan -o FILE',
  });
}
