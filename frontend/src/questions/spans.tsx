import { later } from "../words/Later";
import { defineField } from "./define";
import { nothingSaid } from "./parts/markoptions";
import { markedOf } from "./parts/spans";
import { readSpanOptions, type SpanOptions } from "./spans/options";

export const questionType = defineField<SpanOptions>({
  type: "spans",
  keys: [
    { keys: "← →", does: "move by words" },
    { keys: "Shift+← →", does: "take in more or fewer words" },
    { keys: "↑ ↓", does: "move by utterances, or by lines" },
    { keys: "1 – 9", does: "give the words a label" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
  ],
  readOptions: readSpanOptions,
  problem: (value, _options, question) =>
    question.required && markedOf(value) === null ? nothingSaid() : null,
  View: later(() => import("./spans/View").then(({ View }) => View), "marks"),
});
