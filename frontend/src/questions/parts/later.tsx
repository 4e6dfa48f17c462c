import { type ComponentType, lazy, Suspense } from "react";
import { t } from "../../words/words";

/** A view in a piece of its own: whoever is not asked such a question does not load it. */
export function later<P extends object>(load: () => Promise<{ View: ComponentType<P> }>): ComponentType<P> {
  const View: ComponentType<P> = lazy(() => load().then((found) => ({ default: found.View })));
  return (props) => (
    <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
      <View {...props} />
    </Suspense>
  );
}
