import type { Presenter } from "./define";
import { lazily } from "./parts/lazily";

export const presenter: Presenter = {
  kind: "audio",
  keys: [],
  View: lazily(() => import("./audio/AudioView").then(({ AudioView }) => AudioView)),
};
