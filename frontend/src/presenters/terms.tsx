import { later } from "../words/Later";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "terms",
  keys: [],
  View: later(() => import("./terms/TermsView").then(({ TermsView }) => TermsView)),
};
