import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "group",
  keys: [],
  View: later(() => import("./group/GroupView").then(({ GroupView }) => GroupView)),
};
