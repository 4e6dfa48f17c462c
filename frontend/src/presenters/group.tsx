import type { Presenter } from "./define";
import { lazily } from "./parts/lazily";

export const presenter: Presenter = {
  kind: "group",
  keys: [],
  View: lazily(() => import("./group/GroupView").then(({ GroupView }) => GroupView)),
};
