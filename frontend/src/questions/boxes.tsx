import { later } from "../words/Later";
import { type BoxOptions, readBoxOptions } from "./boxes/options";
import { defineField } from "./define";
import { boxesOf } from "./parts/boxes";
import { nothingSaid } from "./parts/markoptions";

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
  readOptions: readBoxOptions,
  problem: (value, _options, question) =>
    question.required && boxesOf(value) === null ? nothingSaid() : null,
  View: later(() => import("./boxes/View").then(({ View }) => View), "marks"),
});
