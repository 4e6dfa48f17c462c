import { words } from "../data/format";
import type { Overlay } from "../data/shapes";

type Gold = Overlay["gold"][number];

const METHODS: Record<string, string> = {
  mean: "mean",
  ewe: "EWE",
  mean_relative: "mean of stretched traces",
  vote: "label of most raters",
};

/** The gold of the protocol first, then what is kept beside it. */
export const goldFirst = (gold: readonly Gold[]): Gold[] =>
  [...gold].sort((a, b) => Number(b.is_gold) - Number(a.is_gold));

/** “Gold (mean)”; a fusion that is not the gold by its own name. */
export function goldName({ method, is_gold }: Pick<Gold, "method" | "is_gold">): string {
  return is_gold ? `Gold (${METHODS[method] ?? method})` : methodName(method);
}

/** A method by itself: “Mean”, “EWE”. */
export const methodName = (method: string): string => words(METHODS[method] ?? method);

const LAGS: Record<Gold["lag_from"], string | null> = {
  calibration: "the lags that the raters’ calibrations show are taken out of the gold, not of their traces",
  fixed: "the lag that the protocol names is taken out of the gold, not of the raters’ traces",
  none: null,
};

/** Whose lag the gold is without; null: nobody's. */
export const lagNote = (gold: readonly Gold[]): string | null => {
  const [first] = goldFirst(gold);
  return first ? LAGS[first.lag_from] : null;
};
