import { median } from './median.ts';

// In turns: each round calls every server, so that neither a cold client nor a busy machine favours one of them.
const rounds = 4;

/** The median of each measure over all rounds; the first round, which warms everything up, does not count. */
export async function measureInTurns<const Name extends string>(
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(measures) as Name[];
  const figures = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const perSecond = await measures[name]();
      if (round > 0) figures[name].push(perSecond);
    }
  }
  const medians = names.map((name): [string, number] => [name, median(figures[name])]);
  return Object.fromEntries(medians) as Record<Name, number>;
}
