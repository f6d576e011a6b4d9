import type { Migration } from '../migration/migration.ts';
import { foundation } from './0001-foundation.ts';

/** Every migration, in the order they run. Modules and not `.sql` files, so that a bundle carries them. */
export const MIGRATIONS: readonly Migration[] = [foundation];
