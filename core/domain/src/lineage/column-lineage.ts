/** How a value is made of another: as it is, by an expression, or of many rows. */
export type ColumnTransform = 'direct' | 'expression' | 'aggregation';

/** How a column has a say in which rows there are, without being among the values. */
export type RowInfluence = 'filter' | 'join' | 'group';

/** A column of a resource. */
export interface ResourceColumn {
  readonly urn: string;
  readonly column: string;
}

/** A column that values are computed from, and how. */
export interface LineageSource extends ResourceColumn {
  readonly transform: ColumnTransform;
}

/** A column that a job writes. */
export interface LineageColumn {
  readonly name: string;
  /** Empty for constants, and for what problems kept from being traced. */
  readonly sources: readonly LineageSource[];
}

/** A column that decides about the rows of what a job writes. */
export interface LineageInfluence extends ResourceColumn {
  readonly how: RowInfluence;
}

/** What the columns that a job writes are computed from. */
export interface ColumnLineage {
  /** In the order of the query. */
  readonly columns: readonly LineageColumn[];
  readonly influences: readonly LineageInfluence[];
  /** Whether these are all columns of what the job writes: stars of those that read it can be expanded then. */
  readonly isComplete: boolean;
  /** Why something is missing, in words for people. */
  readonly problems: readonly string[];
}

/** Lineage of which nothing is known, and why. */
export function toUnknownLineage(problem: string): ColumnLineage {
  return { columns: [], influences: [], isComplete: false, problems: [problem] };
}

/** What lineage is computed from: equal inputs, equal lineage. */
export interface LineageInput {
  /** SQL, macros compiled, each with the name of the parser that reads it. */
  readonly texts: readonly SourceText[];
  readonly destination: string | undefined;
  /** The columns of resources that the texts read, as far as other jobs tell. */
  readonly known: readonly KnownColumns[];
}

/** A text in which a task names what it reads. */
export interface SourceText {
  /** As plugins name it: `bq`, `postgres`. */
  readonly parser: string;
  /** Of the asset, or of the entry of the configuration. */
  readonly name: string;
  readonly text: string;
}

/** A resource all of whose columns are known. */
export interface KnownColumns {
  readonly urn: string;
  readonly columns: readonly string[];
}
