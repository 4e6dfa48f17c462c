import { useEffect, useRef } from "react";
import { t } from "../../words/words";

/** The frame of a video that is shown now, in its natural size. */
export function Frame({ media, at_s }: { media: HTMLMediaElement | null; at_s: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another frame.
  useEffect(() => {
    const node = canvas.current;
    if (!node || !(media instanceof HTMLVideoElement)) return;
    const draw = () => {
      if (media.videoWidth === 0) return;
      if (node.width !== media.videoWidth) node.width = media.videoWidth;
      if (node.height !== media.videoHeight) node.height = media.videoHeight;
      node.getContext("2d")?.drawImage(media, 0, 0);
    };
    draw();
    media.addEventListener("loadeddata", draw);
    media.addEventListener("seeked", draw);
    return () => {
      media.removeEventListener("loadeddata", draw);
      media.removeEventListener("seeked", draw);
    };
  }, [media, at_s]);
  return <canvas ref={canvas} role="img" aria-label={t("The frame to mark")} />;
}
