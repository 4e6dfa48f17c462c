import { type ComponentType, lazy, Suspense } from "react";
import { type WordsOf, withWords } from "./languages";
import { t } from "./words";

/** A view in a piece of its own, with the words that it says: whoever does not need it does not load it. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  of: WordsOf = "later",
): ComponentType<P> {
  const View = lazy(async () => ({ default: await withWords(load, of) }));
  return (props: P) => (
    <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
      <View {...props} />
    </Suspense>
  );
}
