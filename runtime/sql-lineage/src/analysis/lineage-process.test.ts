import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LineageProcess, type LineageProcessOptions } from './lineage-process.ts';

const patience = { timeout: 60_000 };

/** Where others want the processor, a process of low priority gets little of it. */
const PATIENT = { timeoutMs: 100_000 };

function createProcess(options: LineageProcessOptions = PATIENT): LineageProcess {
  const created = new LineageProcess(options);
  onTestFinished(() => created.stop());
  return created;
}

function toInput(text: string) {
  return { texts: [{ parser: 'bq', name: 'query.sql', text }], destination: 'bigquery://p:d.w', known: [] };
}

/** A program that does as it is told instead of analysing. */
function writeProgram(source: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'lineage-')), 'program.mjs');
  writeFileSync(file, source);
  return file;
}

function countChildren(): number {
  const own = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)]).toString();
  // ps itself is one of them.
  return own.trim().split('\n').length - 1;
}

describe('the process that analyses', { timeout: 120_000 }, () => {
  it('answers one job after the other', async () => {
    const analysis = createProcess();
    for (const column of ['a', 'b'])
      expect(await analysis.compute(toInput(`SELECT ${column} FROM p.d.t`))).toMatchObject({
        lineage: {
          columns: [{ name: column, sources: [{ urn: 'bigquery://p:d.t', column }] }],
          isComplete: true,
        },
      });
  });

  it('is ended when a job takes longer than it may, and the next job gets another', async () => {
    const program = writeProgram(`process.on('message', (input) => {
      if (input.destination === 'slow') for (;;);
      process.send({ columns: [] });
    });`);
    const options = { program, timeoutMs: 1_000 };
    const analysis = createProcess(options);
    expect(await analysis.compute({ ...toInput(''), destination: 'slow' })).toEqual({
      failure: 'the analysis took longer than 1 s',
    });
    // To start another process takes a busy machine longer than that.
    options.timeoutMs = PATIENT.timeoutMs;
    expect(await analysis.compute(toInput(''))).toEqual({ lineage: { columns: [] } });
  });

  it('is started once more when it ends without an answer, and then said to', async () => {
    const program = writeProgram("process.on('message', () => process.exit(1));");
    expect(await createProcess({ ...PATIENT, program, memoryMb: 64 }).compute(toInput(''))).toEqual({
      failure: 'the analysis ended twice without an answer; it may use 64 MiB',
    });
  });

  it('gets no more memory than it may', async () => {
    const program = writeProgram(`process.on('message', () => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      let grown = 1;
      try { for (;;) { memory.grow(16); grown += 16; } } catch {}
      process.send({ columns: [], problems: [String(grown / 16)] });
    });`);
    const answer = await createProcess({ ...PATIENT, program, memoryMb: 32 }).compute(toInput(''));
    expect(answer).toMatchObject({ lineage: { problems: [expect.stringMatching(/^3[12]/)] } });
  });

  it('sees nothing of the environment of the server', async () => {
    const program = writeProgram(`process.on('message', () =>
      process.send({ problems: Object.keys(process.env).filter((name) => !name.startsWith('NODE_')) }));`);
    expect(await createProcess({ ...PATIENT, program }).compute(toInput(''))).toEqual({
      lineage: { problems: [] },
    });
  });

  it.skipIf(process.platform === 'win32')('is gone soon after its last job', async () => {
    const before = countChildren();
    const analysis = createProcess({ ...PATIENT, idleMs: 100 });
    await analysis.compute(toInput('SELECT a FROM p.d.t'));
    await vi.waitFor(() => expect(countChildren()).toBeLessThanOrEqual(before), patience);
    expect(await analysis.compute(toInput('SELECT a FROM p.d.t'))).toHaveProperty('lineage');
  });
});
