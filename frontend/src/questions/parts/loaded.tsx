import { type ComponentType, lazy, Suspense } from "react";
import { later } from "../../words/languages";
import { t } from "../../words/words";

/** A piece of its own with words of its own: whoever is not asked such a question does not load it. */
export function loaded<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Part = lazy(async () => ({ default: await later(load) }));
  return function Loaded(props: P) {
    return (
      <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
        <Part {...props} />
      </Suspense>
    );
  };
}
