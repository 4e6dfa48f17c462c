import { later } from "../words/Later";
import { t } from "../words/words";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "eeg",
  keys: [
    { keys: "← →", does: t("earlier or later (when the recording has the focus)") },
    { keys: "↑ ↓", does: t("other channels") },
    { keys: "+ −", does: t("shorter or longer span") },
    { keys: "[ ]", does: t("smaller or larger amplitude") },
    { keys: "Shift ← →", does: t("move the time cursor") },
  ],
  View: later(() => import("./eeg/EegView").then(({ EegView }) => EegView)),
};
