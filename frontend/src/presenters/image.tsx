import { later } from "../words/Later";
import { t } from "../words/words";
import type { Presenter } from "./define";

export const presenter: Presenter = {
  kind: "image",
  keys: [
    { keys: "+ − 0", does: t("enlarge the picture, or show all of it (when it has the focus)") },
    { keys: "← → ↑ ↓", does: t("move in the enlarged picture") },
  ],
  View: later(() => import("./image/ImageView").then(({ ImageView }) => ImageView)),
};
