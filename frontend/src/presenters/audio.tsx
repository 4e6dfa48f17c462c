import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "audio",
  keys: [],
  View: later(() => import("./audio/AudioView").then(({ AudioView }) => AudioView)),
};
