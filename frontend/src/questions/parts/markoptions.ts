import { t } from "../../words/words";
import type { OptionReader } from "../options";

export interface MarkLabel {
  key: string;
  name: string;
  definition: string;
}

export const readMarkLabel = (reader: OptionReader): MarkLabel => ({
  key: reader.text("key"),
  name: reader.text("name"),
  definition: reader.text("definition", ""),
});

export function readMarkLabels(reader: OptionReader): MarkLabel[] {
  const labels = reader.each("labels", readMarkLabel);
  if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
  return labels;
}

export const nameIn = (labels: readonly MarkLabel[], key: string): string =>
  labels.find((one) => one.key === key)?.name ?? key;

/** What to say of a question that has to be answered and says neither what is there nor that nothing is. */
export const nothingSaid = (): string =>
  t("Please mark what there is, or say that there is nothing to mark.");
