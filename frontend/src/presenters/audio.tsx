import { t } from "../words/words";
import type { Presenter } from "./define";
import { lazily } from "./parts/lazily";

export const presenter: Presenter = {
  kind: "audio",
  keys: [{ keys: "← →", does: t("move the end of a selection that has the focus; with Shift by a second") }],
  View: lazily(() => import("./audio/AudioView").then(({ AudioView }) => AudioView)),
};
