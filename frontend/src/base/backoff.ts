export interface BackoffRule {
  firstMs: number;
  capMs: number;
}

export const BACKOFF: BackoffRule = { firstMs: 500, capMs: 30_000 };

/**
 * How long to wait before attempt `attempts + 1`: exponential, capped, with jitter over its upper half.
 * `random` is in [0, 1).
 */
export function backoffMs(attempts: number, random: number, rule: BackoffRule = BACKOFF): number {
  const ceiling = Math.min(rule.capMs, rule.firstMs * 2 ** Math.min(attempts, 30));
  return Math.round(ceiling * (0.5 + random / 2));
}
