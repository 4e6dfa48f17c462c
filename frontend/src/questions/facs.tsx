import { later } from "../words/Later";
import { t } from "../words/words";
import { defineField } from "./define";
import { type FacsOptions, readFacsOptions } from "./facs/options";
import { problemOf } from "./facs/told";
import { codesOf } from "./parts/facs";

export const questionType = defineField<FacsOptions>({
  type: "facs",
  keys: [
    { keys: "R", does: "play the last frames again" },
    { keys: "K", does: "play or pause" },
    { keys: ", .", does: "one frame back or on" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
  ],
  readOptions: readFacsOptions,
  timed: ({ moments }) => moments.length > 0,
  problem(value, options, question) {
    const codes = codesOf(value);
    if (codes === null)
      return question.required ? t("Please code what you see, or say that no unit is seen.") : null;
    return problemOf(codes, options);
  },
  View: later(() => import("./facs/View").then(({ View }) => View), "marks"),
});
