import { useEffect, useState } from "react";
import { api } from "../data/api";
import type { ProtocolCheck } from "../data/shapes";

const PAUSE_MS = 400;

export interface Checked {
  /** What the server says of the text as it stands; null: not yet, or there is no text. */
  check: ProtocolCheck | null;
  error: unknown;
}

/** Has the server read the text whenever its writer pauses. */
export function useChecked(text: string): Checked {
  const [state, setState] = useState<Checked & { text: string }>({ text: "", check: null, error: null });
  useEffect(() => {
    if (text.trim() === "") return;
    let live = true;
    const take = (found: Checked) => live && setState({ text, ...found });
    const timer = setTimeout(() => {
      api
        .post<ProtocolCheck>("protocols/check/", { text })
        .then((check) => take({ check, error: null }))
        .catch((error: unknown) => take({ check: null, error }));
    }, PAUSE_MS);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [text]);
  return state.text === text ? state : { check: null, error: null };
}
