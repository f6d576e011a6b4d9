import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { create, fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { OptimusError, toErrorMessage } from '@optimus/domain';
import { core } from '@optimus/proto';
import { z } from 'zod';
import { fromSpecMessage, toSpecMessage } from '../spec/job-spec-message.ts';
import type { Deletion, Upsert } from './compare-jobs.ts';

/** A change that was planned: everything that is needed to make it, and upon which contents it rests. */
export interface ChangePlan {
  readonly project: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly isForced: boolean;
  readonly upserts: readonly Upsert[];
  readonly deletions: readonly Deletion[];
}

const VERSION = 1;

const schema = z.object({
  version: z.literal(VERSION),
  project: z.string().min(1),
  createdAt: z.string(),
  isForced: z.boolean(),
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
  const parsed = schema.safeParse(await readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
  }
  const { version: _, upserts, ...plan } = parsed.data;
  return {
    ...plan,
    upserts: upserts.map(({ spec, movedFrom, basis, ...upsert }) => ({
      ...upsert,
      movedFrom,
      basis,
      spec: readSpec(file, spec),
    })),
  };
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
