import type { Presenter } from "./define";
import { lazily } from "./parts/lazily";

export const presenter: Presenter = {
  kind: "sequence",
  keys: [],
  View: lazily(() => import("./sequence/SequenceView").then(({ SequenceView }) => SequenceView)),
};
