import { t } from "../words/words";
import { defineField } from "./define";
import { boxesOf } from "./parts/boxes";
import { loaded } from "./parts/loaded";

export interface BoxOptions {
  labels: { key: string; name: string }[];
  most: number | null;
  least: number;
}

const NOT_LIMITED = -1;
const LEAST_SIZE = 0.01;

export const questionType = defineField<BoxOptions>({
  type: "boxes",
  keys: [
    { keys: "B", does: "a new box" },
    { keys: "← → ↑ ↓", does: "move the box that has the focus" },
    { keys: "Shift + arrow", does: "make it wider, narrower, higher or lower" },
    { keys: "Alt + arrow", does: "the same in small steps" },
    { keys: "Delete", does: "delete it" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
  ],
  readOptions(reader) {
    const labels = reader.each("labels", (one) => ({ key: one.text("key"), name: one.text("name") }));
    if (labels.length === 0) throw reader.wrong("labels", "a list with at least one label");
    const most = reader.number("max_boxes", NOT_LIMITED);
    return { labels, most: most > 0 ? most : null, least: reader.number("min_size", LEAST_SIZE) };
  },
  problem: (value, _options, question) =>
    question.required && boxesOf(value) === null
      ? t("Please mark what there is, or say that there is nothing to mark.")
      : null,
  View: loaded(async () => (await import("./later/BoxesView")).BoxesView),
});
