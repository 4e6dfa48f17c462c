import { type ComponentType, lazy, Suspense } from "react";
import { type WordsOf, withWords } from "./languages";
import { t } from "./words";

/** In the place of a piece that the network kept back, or that the server, brought up to date meanwhile, has no more. */
function NotLoaded() {
  return (
    <div className="page">
      <div className="problem" role="alert">
        <p>
          {t(
            "A part of this page could not be loaded. Please reload the page; what you have answered is kept.",
          )}
        </p>
        <button type="button" onClick={() => window.location.reload()}>
          {t("Reload")}
        </button>
      </div>
    </div>
  );
}

/** A view in a piece of its own, with the words that it says: whoever does not need it does not load it. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  of: WordsOf = "later",
): ComponentType<P> {
  const View = lazy<ComponentType<P>>(async () => ({
    default: await withWords(load, of).catch(() => NotLoaded),
  }));
  return (props: P) => (
    <Suspense fallback={<p className="calm">{t("Loading …")}</p>}>
      <View {...props} />
    </Suspense>
  );
}
