import { lazy, Suspense } from "react";
import { later } from "../words/languages";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";

/** A piece of its own: whoever rates no recordings does not load it. */
const EegView = lazy(async () => ({ default: (await later(() => import("./eeg/EegView"))).EegView }));

function View(props: PresenterProps) {
  return (
    <Suspense fallback={<p className="calm">{t("Loading the recording …")}</p>}>
      <EegView {...props} />
    </Suspense>
  );
}

export const presenter: Presenter = {
  kind: "eeg",
  keys: [
    { keys: "← →", does: t("earlier or later (when the recording has the focus)") },
    { keys: "↑ ↓", does: t("other channels") },
    { keys: "+ −", does: t("shorter or longer span") },
    { keys: "[ ]", does: t("smaller or larger amplitude") },
    { keys: "Shift ← →", does: t("move the time cursor") },
  ],
  View,
};
