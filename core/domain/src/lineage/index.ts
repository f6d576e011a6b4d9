export * from './column-lineage.ts';
export * from './read-job-lineage.ts';
export * from './read-lineage-texts.ts';
export * from './trace-column.ts';
