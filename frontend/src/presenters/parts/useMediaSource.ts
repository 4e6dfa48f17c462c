import { useEffect, useState } from "react";

/** A longer file is streamed: it would not fit into the memory of a phone. */
const WHOLE_LIMIT_BYTES = 150_000_000;

export type MediaSource = { state: "loading"; part: number } | { state: "ready"; src: string };

async function readWhole(response: Response, total: number, progress: (part: number) => void): Promise<Blob> {
  const reader = response.body?.getReader();
  if (!reader) return response.blob();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    pieces.push(piece.value);
    bytes += piece.value.length;
    progress(bytes / total);
  }
  const type = response.headers.get("Content-Type") ?? "";
  return new Blob(pieces, { type });
}

/** The whole file, or null when it is better streamed. */
async function fetchWhole(
  url: string,
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<Blob | null> {
  const response = await fetch(url, { signal });
  const total = Number(response.headers.get("Content-Length") ?? Number.NaN);
  if (!response.ok || !(total <= WHOLE_LIMIT_BYTES)) {
    await response.body?.cancel();
    return null;
  }
  return readWhole(response, total, progress);
}

/**
 * Where a medium is played from. One that a continuous question plays is loaded wholly beforehand, so that neither a
 * slow nor a broken connection can make it stall while it is rated.
 */
export function useMediaSource(url: string, wholly: boolean): [MediaSource, () => boolean] {
  // Fixed when the item appears: another source would start the medium anew.
  const [whole] = useState(wholly);
  const [source, setSource] = useState<MediaSource>(
    whole ? { state: "loading", part: 0 } : { state: "ready", src: url },
  );
  useEffect(() => {
    if (!whole) return;
    const stop = new AbortController();
    let made: string | null = null;
    fetchWhole(url, stop.signal, (part) =>
      setSource({ state: "loading", part: Math.floor(part * 100) / 100 }),
    )
      .then((blob) => {
        if (stop.signal.aborted) return;
        made = blob ? URL.createObjectURL(blob) : null;
        setSource({ state: "ready", src: made ?? url });
      })
      .catch(() => {
        if (!stop.signal.aborted) setSource({ state: "ready", src: url });
      });
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [url, whole]);

  /** After an error of the element: true when there is another source to try. */
  const fallBack = (): boolean => {
    if (source.state !== "ready" || source.src === url) return false;
    setSource({ state: "ready", src: url });
    return true;
  };
  return [source, fallBack];
}
