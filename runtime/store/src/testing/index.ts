export { explain, listFullReads, listIndexes } from './explain.ts';
export { HOT_STATEMENTS, type HotStatement } from './hot-statements.ts';
export { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-database.ts';
export { default as startTestServer, type StopTestServer } from './test-server.ts';
