import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "sequence",
  keys: [],
  View: later(() => import("./sequence/SequenceView").then(({ SequenceView }) => SequenceView)),
};
