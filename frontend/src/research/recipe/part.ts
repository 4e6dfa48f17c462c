import type { Draft, Fault } from "../data/recipe";

/** What every part of the recipe form gets. */
export interface PartProps {
  draft: Draft;
  faults: readonly Fault[];
  change: (fields: Partial<Draft>) => void;
}
