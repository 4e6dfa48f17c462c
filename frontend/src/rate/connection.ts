import { type FetchLike, isTransient, NetworkError } from "../api/http";
import { backoffMs } from "../base/backoff";
import { Store } from "../base/store";

/** Whether the server could be reached the last time it was tried. */
export const reachable = new Store(true);

/** `fetch`, noting whether an answer came. */
export const watchedFetch: FetchLike = async (url, init) => {
  try {
    const response = await fetch(url, init);
    reachable.set(true);
    return response;
  } catch (error) {
    reachable.set(false);
    throw error;
  }
};

/** Ends the waiting of every `insist` at once: the network is back. */
const wakers = new Set<() => void>();

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      wakers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    wakers.add(wake);
  });
}

export function watchConnection(): void {
  window.addEventListener("online", () => {
    for (const wake of [...wakers]) wake();
  });
  window.addEventListener("offline", () => reachable.set(false));
}

/** Repeats a harmless-to-repeat call until the server answers; its refusals are thrown. */
export async function insist<T>(attempt: () => Promise<T>, waiting: (error: Error) => void): Promise<T> {
  for (let attempts = 0; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      waiting(error instanceof Error ? error : new NetworkError(error));
      await pause(backoffMs(attempts, Math.random()));
    }
  }
}
