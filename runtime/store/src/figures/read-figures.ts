import { present } from '@optimus/domain';
import type { Database } from '../database/database.ts';
import { READ_FIGURES } from './figure-statements.ts';

/** A tenant with instances that could run. */
export interface TenantQueue {
  readonly project: string;
  readonly namespace: string;
  readonly number: number;
  /** For how long the oldest could have run, in s. */
  readonly oldestS: number;
}

/** What is unfinished, by state. */
export interface StoreFigures {
  readonly runs: Readonly<Record<string, number>>;
  /** Those that wait to be claimed. */
  readonly instances: Readonly<Record<string, number>>;
  readonly attempts: Readonly<Record<string, number>>;
  /** Attempts of this host that live. */
  readonly ownAttempts: number;
  readonly tenants: readonly TenantQueue[];
}

type FigureRow = Omit<StoreFigures, 'ownAttempts'> & { readonly own_attempts: number };

/** One statement, whose cost grows with what is unfinished. */
export async function readFigures(
  database: Database,
  hostId: string,
  mostTenants: number,
): Promise<StoreFigures> {
  const [row] = await database.run<FigureRow>(READ_FIGURES, [hostId, mostTenants]);
  const { own_attempts: ownAttempts, ...figures } = present(row, 'the figures');
  return { ...figures, ownAttempts };
}
