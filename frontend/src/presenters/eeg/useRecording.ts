import { useEffect, useState } from "react";
import type { MediaFile } from "../../api/types";
import { useJson } from "../parts/useJson";
import type { Pyramid } from "./pyramid";
import type { Layout } from "./tiles";
import { fetchLayout } from "./tilestore";

/** An overview, and where its samples are; null: there are none, or they cannot be had. */
export interface Recording {
  pyramid: Pyramid;
  layout: Layout | null;
}

function useLayout(url: string | undefined): Layout | null | undefined {
  const [layout, setLayout] = useState<Layout | null | undefined>(url ? undefined : null);
  useEffect(() => {
    if (!url) return;
    const stop = new AbortController();
    fetchLayout(url, stop.signal)
      .then(setLayout)
      .catch(() => {
        if (!stop.signal.aborted) setLayout(null);
      });
    return () => stop.abort();
  }, [url]);
  return layout;
}

/** What is needed to show a recording, as far as it is there. */
export function useRecording(media: Readonly<Record<string, MediaFile>>): Recording | "loading" | "failed" {
  const pyramid = useJson<Pyramid>(media.pyramid?.url);
  const layout = useLayout(media.tiles?.url);
  if (pyramid.state === "failed") return "failed";
  if (pyramid.state === "loading" || layout === undefined) return "loading";
  return { pyramid: pyramid.value, layout };
}
