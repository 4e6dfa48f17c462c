import { type ComponentType, lazy, Suspense } from "react";
import { t } from "../../words/words";
import type { PresenterProps } from "../define";

/** A presenter that is a piece of its own: whoever rates nothing of its kind does not load it. */
export function lazily(load: () => Promise<ComponentType<PresenterProps>>): ComponentType<PresenterProps> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return (props) => (
    <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
      <Loaded {...props} />
    </Suspense>
  );
}
