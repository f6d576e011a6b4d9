import { OptimusError } from '@optimus/domain';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^(?<amount>\d+(?:\.\d+)?(?:e\d+)?)(?<unit>[A-Za-z]{0,2})$/;

/** A quantity as Kubernetes writes it: `250m` is 0.25, `64Mi` is 67,108,864. @throws OptimusError `EXECUTOR_FAILED` */
export function parseQuantity(text: string): number {
  const { amount, unit = '' } = QUANTITY.exec(text.trim())?.groups ?? {};
  const factor = UNITS[unit];
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  throw new OptimusError('EXECUTOR_FAILED', {
    message: `resource quantity ${JSON.stringify(text)} is not a number with a unit`,
    hint: 'write metadata.resource as 250m, 1.5, 64Mi or 2Gi',
  });
}
