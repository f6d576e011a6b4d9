import type { ProjectName } from '@optimus/domain';
import { sql } from 'kysely';
import { CHANGE_CHANNEL } from '../change/change-notice.ts';

/** Tells who claims that a configuration was replaced, for limits are in it: a column that the replacing statement returns. */
export function announceConfig(project: ProjectName) {
  return sql<string>`pg_notify(${CHANGE_CHANNEL}, ${`schedule_changed:${project}`})`.as('announced');
}
