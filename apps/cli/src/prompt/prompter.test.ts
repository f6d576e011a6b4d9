import { describe, expect, it } from 'vitest';
import { createTerminal } from '../terminal/terminal.ts';
import { Prompter } from './prompter.ts';

const prompter = new Prompter({ ...createTerminal(process), isInteractive: false });
const owner = { flag: 'owner', valueHint: '<owner>', message: 'Who is the owner?' };
const window = { flag: 'window', valueHint: '<w>', message: 'Which window?', choices: ['daily', 'weekly'] };

describe('without a terminal, a question', () => {
  it('is answered by its flag', async () => {
    expect(await prompter.text(owner, 'kush')).toBe('kush');
    expect(await prompter.choice(window, 'daily')).toBe('daily');
  });

  it('takes its initial answer', async () => {
    expect(await prompter.text({ ...owner, initial: 'me' })).toBe('me');
    expect(await prompter.choice({ ...window, initial: 'weekly' })).toBe('weekly');
  });

  it('is an error that names the flag when nothing answers it', async () => {
    await expect(prompter.text(owner)).rejects.toMatchObject({
      message: '"Who is the owner?" has no answer, and there is no terminal to ask on',
      hint: 'give it with --owner <owner>',
      fields: { flag: 'owner' },
    });
    await expect(prompter.choice(window)).rejects.toMatchObject({
      hint: 'give it with --window daily|weekly',
    });
  });

  it('refuses an answer that is none of its choices, or that is found wrong', async () => {
    await expect(prompter.choice(window, 'yearly')).rejects.toThrow('must be one of daily, weekly');
    const strict = { ...owner, findProblem: async (answer: string) => `${answer} is on leave` };
    await expect(prompter.text(strict, 'kush')).rejects.toThrow('--owner is "kush": kush is on leave');
  });
});

describe('without a terminal, a confirmation', () => {
  it('is given by its flag alone', async () => {
    const question = { flag: 'confirm', message: 'Sure?' };
    expect(await prompter.confirm(question, true)).toBe(true);
    await expect(prompter.confirm(question, false)).rejects.toMatchObject({ hint: 'give it with --confirm' });
  });
});
