import { useEffect, useState } from "react";
import type { Preview, Source } from "../../preview/messages";
import { api } from "../data/api";

/** What a preview was made from. */
export interface Made {
  preview: Preview;
  text: string;
  source: Source;
}

export interface Previewed {
  /** The newest that could be made: it stays while the text has mistakes. */
  made: Made | null;
  error: unknown;
  /** A newer one is being made. */
  waiting: boolean;
}

/** What raters would get; asked for again with each readable text (null: it is not readable now). */
export function usePreview(text: string | null, source: Source, language: string): Previewed {
  const [state, setState] = useState<Previewed>({ made: null, error: null, waiting: false });
  useEffect(() => {
    if (text === null) return;
    let live = true;
    setState((before) => ({ ...before, waiting: true }));
    api
      .post<Preview>("protocols/preview/", { text, ...source, language })
      .then((preview) => live && setState({ made: { preview, text, source }, error: null, waiting: false }))
      .catch((error: unknown) => live && setState(({ made }) => ({ made, error, waiting: false })));
    return () => {
      live = false;
    };
  }, [text, source, language]);
  return state;
}
