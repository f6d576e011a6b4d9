import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type JobSpec, toAssetBytes } from '@optimus/domain';
import { formatJob } from '@optimus/spec';
import { ASSETS_FOLDER_NAME, JOB_FILE_NAME } from './find-job-folders.ts';

/** Writes `job.yaml` and the assets of a job into its folder, and answers the path of the former. */
export async function writeJob(folder: string, spec: JobSpec): Promise<string> {
  const file = path.join(folder, JOB_FILE_NAME);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(spec.assets)) {
    const asset = path.join(folder, ASSETS_FOLDER_NAME, name);
    await mkdir(path.dirname(asset), { recursive: true });
    await writeFile(asset, toAssetBytes(text));
  }
  await writeFile(file, formatJob(spec), { flag: 'wx' });
  return file;
}
