import type { ReactNode } from "react";
import { explain } from "../data/api";
import type { Loaded, LoadedList } from "../data/useApi";

/** Shown a moment late, so that a quick answer does not flicker. */
export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <p className="loading" role="status">
      {what} …
    </p>
  );
}

export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div className="problem" role="alert">
      <p>{explain(error)}</p>
      {retry ? (
        <button type="button" onClick={retry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** What was loaded; while there is nothing yet, why. An error while there is something stands above it. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ReactNode }) {
  if (of.data === null) return of.error ? <Problem error={of.error} retry={of.reload} /> : <Loading />;
  return (
    <>
      {of.error ? <Problem error={of.error} retry={of.reload} /> : null}
      {children(of.data)}
    </>
  );
}

export function More<T>({ of }: { of: LoadedList<T> }) {
  if (!of.more) return null;
  return (
    <button type="button" className="more" onClick={of.more} disabled={of.loadingMore}>
      {of.loadingMore ? "Loading …" : "Show more"}
    </button>
  );
}
