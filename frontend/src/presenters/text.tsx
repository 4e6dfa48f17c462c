import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "text",
  keys: [],
  View: later(() => import("./text/TextView").then(({ TextView }) => TextView)),
};
