import { later } from "../words/Later";
import { t } from "../words/words";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "audio",
  keys: [{ keys: "← →", does: t("move the end of a selection that has the focus; with Shift by a second") }],
  View: later(() => import("./audio/AudioView").then(({ AudioView }) => AudioView)),
};
