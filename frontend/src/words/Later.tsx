import { type ComponentType, lazy, Suspense } from "react";
import { withWords } from "./languages";
import { t } from "./words";

/** A view in a piece of its own, with the words that it says: whoever does not need it does not load it. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const View = lazy(async () => ({ default: await withWords(load) }));
  return (props: P) => (
    <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
      <View {...props} />
    </Suspense>
  );
}
