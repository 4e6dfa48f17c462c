import { later } from "../words/Later";
import { t } from "../words/words";
import { defineField } from "./define";
import { nothingSaid } from "./parts/markoptions";
import { segmentsOf } from "./parts/timeline";
import { readSegmentOptions, type SegmentOptions } from "./segments/options";
import { lacks } from "./segments/told";

export const questionType = defineField<SegmentOptions>({
  type: "segments",
  keys: [
    { keys: "K", does: "play or pause" },
    { keys: ", .", does: "one step back or on" },
    { keys: "J L", does: "one second back or on" },
    { keys: "I O", does: "it begins or ends here" },
    { keys: "G", does: "it goes on, where that is allowed" },
    { keys: "P", does: "it is strongest here, where that is asked" },
    { keys: "N B", does: "choose the next or the one before" },
    { keys: "[ ]", does: "begin earlier or later" },
    { keys: "{ }", does: "end earlier or later" },
    { keys: "Delete", does: "delete the chosen one" },
    { keys: "Ctrl+Z, Ctrl+Y", does: "undo, redo" },
    { keys: "+ −", does: "zoom the timeline" },
  ],
  readOptions: readSegmentOptions,
  timed: () => true,
  problem(value, options, question) {
    const segments = segmentsOf(value);
    if (segments === null) return question.required ? nothingSaid() : null;
    for (const [index, segment] of segments.entries()) {
      const what = lacks(segment, options);
      if (what) return t("Number {number} lacks {what}.", { number: index + 1, what });
    }
    return null;
  },
  View: later(() => import("./segments/View").then(({ View }) => View), "marks"),
});
