import { useCallback, useEffect, useRef, useState } from "react";
import { api, pathBelowApi, signedOut, type Tagged } from "./api";
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

interface Read<T> extends Loaded<T> {
  /** Shows something else than what was read, until it is read again. */
  put(data: T): void;
}

/** What `read` gives, again every `pollMs(answer)`; null as key or interval: not. Another key is another thing. */
function useRead<T>(
  key: string | null,
  read: () => Promise<T>,
  pollMs?: (data: T) => number | null,
): Read<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; error: unknown }>({
    key: null,
    data: null,
    error: null,
  });
  const [round, setRound] = useState(0);
  const newest = useRef({ read, pollMs });
  newest.current = { read, pollMs };
  const put = useCallback(
    (data: T) => {
      if (key === null) return;
      seen.set(key, data);
      setState({ key, data, error: null });
    },
    [key],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is what asks for fetching again.
  useEffect(() => {
    if (key === null) return;
    let live = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchAgain = async () => {
      try {
        const data = await newest.current.read();
        if (!live) return;
        put(data);
        const wait = newest.current.pollMs?.(data) ?? null;
        if (wait !== null) timer = setTimeout(fetchAgain, document.hidden ? wait * 4 : wait);
      } catch (error) {
        if (!live) return;
        if (signedOut(error)) session.lost();
        setState((old) => ({ key, data: old.key === key ? old.data : null, error }));
        if (newest.current.pollMs) timer = setTimeout(fetchAgain, 10_000);
      }
    };
    void fetchAgain();
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key, round, put]);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const current = state.key === key;
  const known = key === null ? null : ((seen.get(key) as T | undefined) ?? null);
  return { data: current ? state.data : known, error: current ? state.error : null, reload, put };
}

/** How soon what others do is seen where nothing of one's own is going on. */
export const QUIET_MS = 5000;

/**
 * The answer of `GET path`, fetched again every `pollMs(answer)`; null as path or interval: not.
 * What follows a `#` is not sent: another one there means that the answer has changed.
 */
export const useApi = <T>(path: string | null, pollMs?: (data: T) => number | null): Loaded<T> =>
  useRead(path, () => api.get<T>(path ?? ""), pollMs);

/** The same with the tag of the answer, for whoever changes what it tells. */
export const useTagged = <T>(path: string): Loaded<Tagged<T>> =>
  useRead(`tagged ${path}`, () => api.getTagged<T>(path));

export interface LoadedList<T> extends Loaded<T[]> {
  /** Fetches the following page; null where there is none. */
  more: (() => void) | null;
  loadingMore: boolean;
}

/** As much of a list as was asked for. */
interface Pages<T> {
  rows: T[];
  n: number;
  next: string | null;
}

const NONE = { rows: [], n: 0, next: null };

async function readPages<T>(
  path: string,
  enough: (n: number) => boolean,
  before: Pages<T> = NONE,
): Promise<Pages<T>> {
  const { results, next } = await api.get<Page<T>>(path);
  const pages: Pages<T> = { rows: [...before.rows, ...results], n: before.n + 1, next: next ?? null };
  return pages.next && !enough(pages.n) ? readPages(pathBelowApi(pages.next), enough, pages) : pages;
}

/** A list, a page at a time; when it is read again, as many pages as are shown. */
export function useList<T>(path: string | null, pollMs?: (rows: T[]) => number | null): LoadedList<T> {
  const shown = useRef(1);
  const key = path === null ? null : `pages of ${path}`;
  const read = () => readPages<T>(path ?? "", (n) => n >= shown.current);
  const list = useRead<Pages<T>>(key, read, pollMs && (({ rows }) => pollMs(rows)));
  const { data, error, reload, put } = list;
  shown.current = data?.n ?? 1;
  const [following, setFollowing] = useState<{ key: string | null; error: unknown; busy: boolean }>({
    key: null,
    error: null,
    busy: false,
  });
  const own = following.key === key ? following : null;
  const more = async (after: Pages<T>, next: string) => {
    setFollowing({ key, error: null, busy: true });
    try {
      put(await readPages(pathBelowApi(next), () => true, after));
      setFollowing({ key, error: null, busy: false });
    } catch (failure) {
      setFollowing({ key, error: failure, busy: false });
    }
  };
  return {
    data: data?.rows ?? null,
    error: error ?? own?.error ?? null,
    reload,
    more: data?.next ? () => void more(data, data.next ?? "") : null,
    loadingMore: own?.busy ?? false,
  };
}
