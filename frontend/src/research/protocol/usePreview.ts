import { useEffect, useState } from "react";
import type { Preview } from "../../preview/messages";
import { api } from "../data/api";

/** What a preview was made from. */
export interface Made {
  preview: Preview;
  text: string;
  collection: string | null;
}

export interface Previewed {
  /** The newest that could be made: it stays while the text has mistakes. */
  made: Made | null;
  error: unknown;
}

/** What raters would get; asked for again with each readable text (null: it is not readable now). */
export function usePreview(text: string | null, collection: string | null, language: string): Previewed {
  const [state, setState] = useState<Previewed>({ made: null, error: null });
  useEffect(() => {
    if (text === null) return;
    let live = true;
    api
      .post<Preview>("protocols/preview/", { text, collection, language })
      .then((preview) => live && setState({ made: { preview, text, collection }, error: null }))
      .catch((error: unknown) => live && setState(({ made }) => ({ made, error })));
    return () => {
      live = false;
    };
  }, [text, collection, language]);
  return state;
}
