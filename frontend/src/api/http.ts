import { t } from "../words/words";
import type { ErrorBody, JsonObject } from "./types";

export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** The server answered with an error of the form `{code, message, details}`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: JsonObject;
  readonly retryAfterMs: number | null;

  constructor(status: number, body: ErrorBody, retryAfterMs: number | null = null) {
    super(body.message);
    this.name = "ApiError";
    this.status = status;
    this.code = body.code;
    this.details = body.details;
    this.retryAfterMs = retryAfterMs;
  }

  /** Worth repeating unchanged: the server was busy or down, it did not refuse. */
  get transient(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** No answer arrived: no connection, or it took too long. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super(t("The server cannot be reached."), { cause });
    this.name = "NetworkError";
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.transient);
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";

export interface Http {
  send<T>(method: Method, path: string, body?: unknown, token?: string | null): Promise<T>;
}

function readRetryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

async function readError(response: Response): Promise<ApiError> {
  const retryAfterMs = readRetryAfter(response);
  try {
    const body = (await response.json()) as Partial<ErrorBody>;
    if (typeof body.code === "string" && typeof body.message === "string") {
      const { code, message, details = {} } = body;
      return new ApiError(response.status, { code, message, details }, retryAfterMs);
    }
  } catch {
    // A proxy's HTML page: only the status is known.
  }
  const message = t("The server answered with an error ({status}).", { status: response.status });
  return new ApiError(
    response.status,
    { code: `http_${response.status}`, message, details: {} },
    retryAfterMs,
  );
}

/** JSON over HTTP below `root`, with a time limit; bytes go as they are, 204 is answered as null. */
export function createHttp(fetchLike: FetchLike, root = "/api/", timeoutMs = 20_000): Http {
  return {
    async send<T>(method: Method, path: string, body?: unknown, token?: string | null): Promise<T> {
      const headers: Record<string, string> = { Accept: "application/json" };
      const raw = body instanceof ArrayBuffer;
      if (body !== undefined) headers["Content-Type"] = raw ? "application/octet-stream" : "application/json";
      if (token) headers.Authorization = `Participation ${token}`;
      const init: RequestInit = {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        cache: "no-store",
      };
      if (body !== undefined) init.body = raw ? body : JSON.stringify(body);
      let response: Response;
      try {
        response = await fetchLike(root + path, init);
      } catch (error) {
        throw new NetworkError(error);
      }
      if (!response.ok) throw await readError(response);
      if (response.status === 204) return null as T;
      try {
        return (await response.json()) as T;
      } catch (error) {
        throw new NetworkError(error);
      }
    },
  };
}
