import { expect, test } from 'vitest';
import type { HookPlugin, Plugin, TaskPlugin } from './plugin.ts';

const task: TaskPlugin = { type: 'task', name: 'a', description: 'b', version: '1.0.0', image: 'c:1' };

// The type checker reads these: each would be an error without the comment above it.
const incomplete = {
  // @ts-expect-error a hook says when it runs
  hookWithoutType: { ...task, type: 'hook' } satisfies HookPlugin,
  // @ts-expect-error a plugin has an image
  withoutImage: { type: 'task', name: 'a', description: 'b', version: '1.0.0' } satisfies Plugin,
  // @ts-expect-error the CLI mod asks questions
  withoutQuestions: { ...task, cli: { defaultConfig: () => ({}) } } satisfies Plugin,
  // @ts-expect-error the resolver mod has both of its calls
  halfResolver: { ...task, dependencyResolver: { generateDependencies: () => [] } } satisfies Plugin,
  // @ts-expect-error only hooks depend on hooks
  taskWithDependencies: { ...task, dependsOn: ['a'] } satisfies Plugin,
};

test('the compiler refuses every incomplete plugin', () => {
  expect(Object.keys(incomplete)).toHaveLength(5);
});
