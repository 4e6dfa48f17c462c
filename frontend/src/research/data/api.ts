import { ApiError, createHttp, NetworkError } from "../../api/http";

const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

const fetchAs = (url: string, init: RequestInit, headers: Record<string, string> = {}) =>
  fetch(url, {
    ...init,
    credentials: "same-origin",
    headers: { ...init.headers, ...headers, "X-CSRFToken": csrfToken() },
  });

const http = createHttp((url, init) => fetchAs(url, init));

/** An answer, and the tag that tells the server later which state of it somebody has seen. */
export interface Tagged<T> {
  data: T;
  tag: string;
}

async function getTagged<T>(path: string): Promise<Tagged<T>> {
  let tag = "";
  const tagging = createHttp(async (url, init) => {
    const response = await fetchAs(url, init);
    tag = response.headers.get("ETag") ?? "";
    return response;
  });
  return { data: await tagging.send<T>("GET", path), tag };
}

/** For calls that change what has the tag; refused with 412 where somebody has changed it since. */
const ifMatch = (tag: string) => createHttp((url, init) => fetchAs(url, init, { "If-Match": tag }));

/** Below `/api/`, as whoever is signed in. */
export const api = {
  get: <T>(path: string) => http.send<T>("GET", path),
  post: <T>(path: string, body: unknown = {}) => http.send<T>("POST", path, body),
  getTagged,
  replace: <T>(path: string, tag: string, body: unknown) => ifMatch(tag).send<T>("PUT", path, body),
  postTo: <T>(path: string, tag: string, body: unknown = {}) => ifMatch(tag).send<T>("POST", path, body),
  removeFrom: (path: string, tag: string) => ifMatch(tag).send<null>("DELETE", path),
  remove: (path: string) => http.send<null>("DELETE", path),
};

/** The path below `/api/` of a full address, as list pages give it. */
export function pathBelowApi(address: string): string {
  const { pathname, search } = new URL(address, window.location.origin);
  return pathname.replace(/^\/api\//, "") + search;
}

export const signedOut = (error: unknown) => error instanceof ApiError && error.status === 401;

/** Somebody else was first: what was to be changed is another by now. */
export const changedMeanwhile = (error: unknown) => error instanceof ApiError && error.status === 412;

/** What a person is told about a failed call. */
export function explain(error: unknown): string {
  if (error instanceof ApiError && error.status === 429) {
    const wait_s = Math.ceil((error.retryAfterMs ?? 60_000) / 1000);
    return `Too many attempts. Please try again in ${wait_s} s.`;
  }
  if (error instanceof NetworkError)
    return "The server cannot be reached. Check the connection and try again.";
  return error instanceof Error ? error.message : "Something went wrong.";
}
