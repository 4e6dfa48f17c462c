import { useState } from "react";
import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";

function VideoView({ item, driven, onMedia }: PresenterProps) {
  const [failed, setFailed] = useState(false);
  const { proxy, poster } = item.media;
  if (!proxy || failed) return <Missing what="The video" />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: raters judge the recording as it is; captions would be another stimulus.
    <video
      ref={onMedia}
      className="medium"
      src={proxy.url}
      poster={poster?.url}
      aria-label="The video to rate"
      controls={!driven}
      controlsList="nodownload noplaybackrate noremoteplayback"
      disablePictureInPicture
      playsInline
      preload="auto"
      onError={() => setFailed(true)}
    />
  );
}

export const presenter: Presenter = { kind: "video", keys: [], View: VideoView };
