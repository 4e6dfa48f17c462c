import { useCallback, useEffect, useRef, useState } from "react";
import { api, pathBelowApi, signedOut } from "./api";
import { session } from "./session";
import type { Page } from "./shapes";

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  reload(): void;
}

/** Answers seen in this tab: going back shows them at once while they are fetched again. */
const seen = new Map<string, unknown>();

export const forgetAll = () => seen.clear();

/**
 * The answer of `GET path`, fetched again every `pollMs(answer)`; null as path or interval: not.
 * What follows a `#` is not sent: another one there means that the answer has changed.
 */
export function useApi<T>(path: string | null, pollMs?: (data: T) => number | null): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; data: T | null; error: unknown }>({
    path: null,
    data: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const interval = useRef(pollMs);
  interval.current = pollMs;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is what asks for fetching again.
  useEffect(() => {
    if (path === null) return;
    let live = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchAgain = async () => {
      try {
        const data = await api.get<T>(path);
        if (!live) return;
        seen.set(path, data);
        setState({ path, data, error: null });
        const wait = interval.current?.(data) ?? null;
        if (wait !== null) timer = setTimeout(fetchAgain, document.hidden ? wait * 4 : wait);
      } catch (error) {
        if (!live) return;
        if (signedOut(error)) session.lost();
        setState((old) => ({ path, data: old.path === path ? old.data : null, error }));
        if (interval.current) timer = setTimeout(fetchAgain, 10_000);
      }
    };
    void fetchAgain();
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [path, round]);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const current = state.path === path;
  const known = path === null ? null : ((seen.get(path) as T | undefined) ?? null);
  return { data: current ? state.data : known, error: current ? state.error : null, reload };
}

export interface LoadedList<T> extends Loaded<T[]> {
  /** Fetches the following page; null where there is none. */
  more: (() => void) | null;
  loadingMore: boolean;
}

/** A list, a page at a time. */
export function useList<T>(path: string | null): LoadedList<T> {
  const first = useApi<Page<T>>(path);
  const [rest, setRest] = useState<{ after: Page<T> | null; rows: T[]; next: string | null; error: unknown }>(
    {
      after: null,
      rows: [],
      next: null,
      error: null,
    },
  );
  const [loadingMore, setLoadingMore] = useState(false);
  const begun = rest.after !== null && rest.after === first.data;
  const next = begun ? rest.next : (first.data?.next ?? null);
  const rows = begun ? rest.rows : [];

  const fetchNext = async () => {
    if (!next || !first.data) return;
    setLoadingMore(true);
    try {
      const page = await api.get<Page<T>>(pathBelowApi(next));
      setRest({ after: first.data, rows: [...rows, ...page.results], next: page.next ?? null, error: null });
    } catch (error) {
      setRest({ after: first.data, rows, next, error });
    }
    setLoadingMore(false);
  };
  return {
    data: first.data ? [...first.data.results, ...rows] : null,
    error: first.error ?? (begun ? rest.error : null),
    reload: first.reload,
    more: next ? () => void fetchNext() : null,
    loadingMore,
  };
}
