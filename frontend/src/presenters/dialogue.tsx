import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "dialogue",
  keys: [],
  View: later(() => import("./dialogue/DialogueView").then(({ DialogueView }) => DialogueView)),
};
