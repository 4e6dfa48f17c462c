import { ApiError, createHttp, NetworkError } from "../../api/http";

const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

const http = createHttp((url, init) =>
  fetch(url, {
    ...init,
    credentials: "same-origin",
    headers: { ...init.headers, "X-CSRFToken": csrfToken() },
  }),
);

/** Below `/api/`, as whoever is signed in. */
export const api = {
  get: <T>(path: string) => http.send<T>("GET", path),
  post: <T>(path: string, body: unknown = {}) => http.send<T>("POST", path, body),
  remove: (path: string) => http.send<null>("DELETE", path),
};

/** The path below `/api/` of a full address, as list pages give it. */
export function pathBelowApi(address: string): string {
  const { pathname, search } = new URL(address, window.location.origin);
  return pathname.replace(/^\/api\//, "") + search;
}

export const signedOut = (error: unknown) => error instanceof ApiError && error.status === 401;

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
