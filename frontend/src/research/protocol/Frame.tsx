import { useEffect, useRef, useState } from "react";
import type { Scheme, Show, Stage, Told, Verdict } from "../../preview/messages";
import type { Made } from "./usePreview";

export const SIZES = { phone: [360, 640], desktop: [1280, 800] } as const;
const BORDERS = 2;
export type Size = keyof typeof SIZES;

interface FrameProps {
  made: Made;
  /** The page that is shown; where the rater's own steps lead, it follows. */
  at: string;
  /** Another number: show the page anew. */
  turn: number;
  scheme: Scheme;
  size: Size;
  onStages(stages: Stage[]): void;
  onAt(stage: string): void;
  onVerdict(verdict: Verdict): void;
  onLanguage(language: string): void;
}

/** A rater's page in a frame of its own, as large as on a phone or on a desk, made smaller where it does not fit. */
export function Frame(props: FrameProps) {
  const { made, at, turn, scheme, size, onStages, onAt, onVerdict, onLanguage } = props;
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const [room, scale] = useScale(SIZES[size][0]);
  const hear = useRef((_told: Told) => {});
  hear.current = (told) => {
    if (told.kind === "ready") setReady(true);
    else if (told.kind === "stages") onStages(told.stages);
    else if (told.kind === "at") onAt(told.stage);
    else if (told.kind === "verdict") onVerdict(told.verdict);
    else onLanguage(told.language);
  };
  useEffect(() => {
    const onMessage = ({ origin, source, data }: MessageEvent<Told>) => {
      if (origin === window.location.origin && source === frame.current?.contentWindow) hear.current(data);
    };
    window.addEventListener("message", onMessage);
    return () => window.removeEventListener("message", onMessage);
  }, []);
  const stage = useRef(at);
  stage.current = at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn asks for the page anew.
  useEffect(() => {
    if (!ready) return;
    const show: Show = { kind: "show", ...made, stage: stage.current, scheme };
    frame.current?.contentWindow?.postMessage(show, window.location.origin);
  }, [ready, made, turn, scheme]);
  const [width, height] = SIZES[size];
  return (
    <div ref={room}>
      <div className="frame-room" style={{ width: width * scale, height: height * scale }}>
        <iframe
          ref={frame}
          src="/preview"
          title="The page as the rater sees it"
          style={{ width, height, transform: `scale(${scale})` }}
        />
      </div>
    </div>
  );
}

/** By how much something of this width is made smaller to fit the room that it has; never larger. */
function useScale(width: number) {
  const room = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState(width);
  useEffect(() => {
    const node = room.current;
    if (!node) return;
    const observer = new ResizeObserver(() => setSpace(node.clientWidth - BORDERS));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return [room, Math.min(1, space / width)] as const;
}
