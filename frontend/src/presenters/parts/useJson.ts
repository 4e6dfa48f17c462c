import { useEffect, useState } from "react";

export type Loaded<T> = { state: "loading" } | { state: "ready"; value: T } | { state: "failed" };

/** Fetches one of an item's derived files. */
export function useJson<T>(url: string | undefined): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    if (!url) return setLoaded({ state: "failed" });
    const stop = new AbortController();
    setLoaded({ state: "loading" });
    fetch(url, { signal: stop.signal })
      .then((response) =>
        response.ok ? (response.json() as Promise<T>) : Promise.reject(new Error(response.statusText)),
      )
      .then((value) => setLoaded({ state: "ready", value }))
      .catch(() => {
        if (!stop.signal.aborted) setLoaded({ state: "failed" });
      });
    return () => stop.abort();
  }, [url]);
  return loaded;
}
