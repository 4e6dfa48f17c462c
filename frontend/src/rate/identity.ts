import { newUuid } from "../base/uuid";

/** What this browser knows of the rater behind one invite. */
export interface Identity {
  arrival_id: string;
  token: string | null;
  /** The instructions were read and rating was begun. */
  begun: boolean;
}

export interface IdentityStore {
  load(): Identity;
  save(identity: Identity): void;
}

/** The invite code of `/s/<code>`, or null. */
export function inviteCode(pathname: string): string | null {
  const found = /\/s\/([^/]+)\/?$/.exec(pathname);
  return found?.[1] ? decodeURIComponent(found[1]) : null;
}

const keyOf = (code: string): string => `affectory.invite.${code}`;

/** The token that this browser got in the first of these studies in which it took part, or nothing. */
export function earlierToken(storage: Storage, codes: readonly string[]): string {
  const kept = codes.map((code) => storage.getItem(keyOf(code)));
  const tokens = kept.map((text) => (text === null ? null : (JSON.parse(text) as Identity).token));
  return tokens.find((token) => token !== null) ?? "";
}

/** The rater of a personal link `/s/<code>?rater=<arrival id>`, or null. */
export const namedRater = (search: string): string | null => new URLSearchParams(search).get("rater");

/** Kept in localStorage under the invite code, so a reload or a second click on the link is the same rater. */
export function identityStore(storage: Storage, code: string, named: string | null = null): IdentityStore {
  // Who was given a link of her own is another person to this study than whoever came by the common one.
  const key = named === null ? keyOf(code) : `${keyOf(code)}.${named}`;
  return {
    load() {
      const kept = storage.getItem(key);
      if (kept !== null) return JSON.parse(kept) as Identity;
      const fresh: Identity = { arrival_id: named ?? newUuid(), token: null, begun: false };
      storage.setItem(key, JSON.stringify(fresh));
      return fresh;
    },
    save(identity) {
      storage.setItem(key, JSON.stringify(identity));
    },
  };
}
