import { expect, it } from 'vitest';
import { AnswerMemory } from './answer-memory.ts';

/** A memory whose clock is set by hand, and questions that are answered by hand. */
function setUp() {
  const clock = { ms: 0 };
  const memory = new AnswerMemory<string>({ keepMs: 1000, readMs: () => clock.ms });
  const questions: (PromiseWithResolvers<string> & { readonly signal: AbortSignal })[] = [];
  const ask = (key: string, signal = new AbortController().signal) =>
    memory.ask(key, signal, (asking) => {
      const question = { ...Promise.withResolvers<string>(), signal: asking };
      questions.push(question);
      asking.addEventListener('abort', () => question.reject(asking.reason));
      return question.promise;
    });
  return { clock, questions, ask };
}

it('asks once for all who ask at once, and for those who ask soon after', async () => {
  const { clock, questions, ask } = setUp();
  const all = Array.from({ length: 1000 }, () => ask('table'));
  questions[0]?.resolve('job');
  expect(new Set(await Promise.all(all))).toEqual(new Set(['job']));
  clock.ms = 999;
  expect(await ask('table')).toBe('job');
  expect(questions).toHaveLength(1);
});

it('asks again when the answer is old, and for something else at once', async () => {
  const { clock, questions, ask } = setUp();
  const first = ask('table');
  questions[0]?.resolve('job');
  await first;
  clock.ms = 1000;
  const [again, other] = [ask('table'), ask('other')];
  questions[1]?.resolve('another job');
  questions[2]?.resolve('other job');
  expect(await Promise.all([again, other])).toEqual(['another job', 'other job']);
});

it('tells all who wait of a failure, and keeps none', async () => {
  const { questions, ask } = setUp();
  const waiting = [ask('table'), ask('table')];
  questions[0]?.reject(new Error('away'));
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { status: 'rejected', reason: { message: 'away' } },
    { status: 'rejected' },
  ]);
  const again = ask('table');
  questions[1]?.resolve('job');
  expect(await again).toBe('job');
});

it('goes on asking when one of several leaves, and ends when nobody is left', async () => {
  const { questions, ask } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const waiting = [ask('table', one.signal), ask('table', two.signal)];
  one.abort(new Error('left'));
  await expect(waiting[0]).rejects.toThrow('left');
  expect(questions[0]?.signal.aborted).toBe(false);
  two.abort(new Error('left too'));
  await expect(waiting[1]).rejects.toThrow('left too');
  expect(questions[0]?.signal.aborted).toBe(true);
  const again = ask('table');
  questions[1]?.resolve('job');
  expect(await again).toBe('job');
});

it('asks nothing for who has left already', async () => {
  const { questions, ask } = setUp();
  await expect(ask('table', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(questions).toEqual([]);
});
