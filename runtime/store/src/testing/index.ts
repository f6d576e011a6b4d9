export { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-database.ts';
export { default as startTestServer, type StopTestServer } from './test-server.ts';
