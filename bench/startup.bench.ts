import { optimusCommand } from '../tests/e2e/stage/stage-folder.ts';
import { median } from './measure/median.ts';
import { printFigures } from './measure/print-figures.ts';
import { timeCommand } from './measure/time-command.ts';

// How long a person waits for the lightest command, beside starting Node to do nothing.
const rounds = 30;
const optimus = [...optimusCommand, 'version'] as const;
const bareNode = [process.execPath, '-e', '0'] as const;

await timeCommand(optimus);
const ours: number[] = [];
const bare: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  ours.push(await timeCommand(optimus));
  bare.push(await timeCommand(bareNode));
}
printFigures([
  { name: 'optimus version', ours: median(ours), bare: median(bare), against: 'node -e 0', unit: 'ms' },
]);
