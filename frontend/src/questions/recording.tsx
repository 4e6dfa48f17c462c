import type { RecordingOptions } from "../produce/studio";
import { later } from "../words/Later";
import { t } from "../words/words";
import { defineDesk } from "./define";

const MIB = 2 ** 20;

export const questionType = defineDesk<RecordingOptions>({
  type: "recording",
  drives: false,
  keys: [{ keys: "R", does: t("record, stop") }],
  readOptions(reader) {
    const medium = reader.text("medium");
    if (medium !== "audio" && medium !== "video") throw reader.wrong("medium", `"audio" or "video"`);
    return {
      medium,
      minS: reader.number("min_s"),
      maxS: reader.number("max_s"),
      retakes: reader.numberOrNull("retakes"),
      countdownS: reader.number("countdown_s"),
      maxBytes: reader.number("max_mb") * MIB,
    };
  },
  View: later(() => import("../produce/Recorder").then(({ Recorder }) => Recorder), "making"),
});
