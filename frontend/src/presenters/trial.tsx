import { later } from "../words/Later";
import { t } from "../words/words";
import type { Presenter } from "./define";
import { presenter as recording } from "./eeg";

export const presenter: Presenter = {
  kind: "trial",
  keys: [
    ...recording.keys,
    { keys: "Enter", does: t("take the film to the time cursor (when the recording has the focus)") },
  ],
  View: later(() => import("./trial/TrialView").then(({ TrialView }) => TrialView)),
};
