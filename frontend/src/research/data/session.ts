import { Store } from "../../base/store";
import { api } from "./api";
import type { Session } from "./shapes";

export type Who =
  | { state: "asking" }
  | { state: "unknown"; error: unknown }
  | { state: "nobody"; lost: boolean }
  | { state: "known"; email: string; organisation: string };

const store = new Store<Who>({ state: "asking" });

function take(answer: Session): void {
  store.set(
    answer.email === null
      ? { state: "nobody", lost: false }
      : { state: "known", email: answer.email, organisation: answer.organisation ?? "" },
  );
}

/** Who is signed in on this browser. */
export const session = {
  get: store.get,
  subscribe: store.subscribe,
  async ask(): Promise<void> {
    try {
      take(await api.get<Session>("session/"));
    } catch (error) {
      store.set({ state: "unknown", error });
    }
  },
  async signIn(email: string, password: string): Promise<void> {
    take(await api.post<Session>("session/", { email, password }));
  },
  async signOut(): Promise<void> {
    await api.remove("session/");
    store.set({ state: "nobody", lost: false });
  },
  /** The server says that nobody is signed in any more. */
  lost(): void {
    if (store.get().state === "known") store.set({ state: "nobody", lost: true });
  },
};
