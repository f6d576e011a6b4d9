export { executionTime, goldenData } from '../template/fixtures/golden-data.ts';
export { randomTemplates } from '../template/fixtures/random-templates.ts';
