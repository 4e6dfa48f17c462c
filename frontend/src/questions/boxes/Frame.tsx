import { useEffect, useRef } from "react";
import { elementOf, type Medium } from "../../desk/medium";
import { t } from "../../words/words";

/** The frame of a video that is shown now, in its natural size. */
export function Frame({ media, at_s }: { media: Medium | null; at_s: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another frame.
  useEffect(() => {
    const node = canvas.current;
    const film = media && elementOf(media);
    if (!node || !(film instanceof HTMLVideoElement)) return;
    const draw = () => {
      if (film.videoWidth === 0) return;
      if (node.width !== film.videoWidth) node.width = film.videoWidth;
      if (node.height !== film.videoHeight) node.height = film.videoHeight;
      node.getContext("2d")?.drawImage(film, 0, 0);
    };
    draw();
    film.addEventListener("loadeddata", draw);
    film.addEventListener("seeked", draw);
    return () => {
      film.removeEventListener("loadeddata", draw);
      film.removeEventListener("seeked", draw);
    };
  }, [media, at_s]);
  return <canvas ref={canvas} role="img" aria-label={t("The frame to mark")} />;
}
