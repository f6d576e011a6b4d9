import { type NamespaceName, OptimusError, type ProjectName } from '@optimus/domain';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** The id of a project. @throws OptimusError `PROJECT_NOT_FOUND` */
export async function getProjectId(queries: Kysely<Tables>, project: ProjectName): Promise<string> {
  const row = await queries.selectFrom('project').select('id').where('name', '=', project).executeTakeFirst();
  if (row) return row.id;
  throw projectNotFound(project);
}

/** The error for a project that is not registered. */
export function projectNotFound(project: ProjectName): OptimusError {
  return new OptimusError('PROJECT_NOT_FOUND', {
    message: `there is no project ${JSON.stringify(project)}`,
    hint: 'register it with: optimus project register',
    fields: { project },
  });
}

/** The id of a namespace. @throws OptimusError `NAMESPACE_NOT_FOUND` */
export async function getNamespaceId(
  queries: Kysely<Tables>,
  projectId: string,
  { project, namespace }: { readonly project: ProjectName; readonly namespace: NamespaceName },
): Promise<string> {
  const query = queries.selectFrom('namespace').select('id').where('project_id', '=', projectId);
  const row = await query.where('name', '=', namespace).executeTakeFirst();
  if (row) return row.id;
  throw new OptimusError('NAMESPACE_NOT_FOUND', {
    message: `there is no namespace ${JSON.stringify(namespace)} in project ${JSON.stringify(project)}`,
    hint: 'register it with: optimus namespace register',
    fields: { project, namespace },
  });
}
