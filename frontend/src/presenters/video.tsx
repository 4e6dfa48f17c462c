import { useCallback, useState } from "react";
import type { MediaFile } from "../api/types";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";
import { MediaLoading } from "./parts/MediaLoading";
import { Missing } from "./parts/Missing";
import { People, TargetName } from "./parts/People";
import { useMediaSource } from "./parts/useMediaSource";

function Video({ item, driven, onMedia, proxy }: PresenterProps & { proxy: MediaFile }) {
  const [failed, setFailed] = useState(false);
  const [source, fallBack] = useMediaSource(proxy.url, driven);
  const [media, setMedia] = useState<HTMLVideoElement | null>(null);
  const take = useCallback(
    (element: HTMLVideoElement | null) => {
      setMedia(element);
      onMedia(element);
    },
    [onMedia],
  );
  const { poster } = item.media;
  if (failed) return <Missing what={t("The video")} />;
  if (source.state === "loading") return <MediaLoading part={source.part} poster={poster?.url} />;
  return (
    <>
      <div className="video-frame">
        {/* biome-ignore lint/a11y/useMediaCaption: raters judge the recording as it is; captions would be another stimulus. */}
        <video
          ref={take}
          className="medium"
          src={source.src}
          poster={poster?.url}
          aria-label={t("The video to rate")}
          controls={!driven}
          controlsList="nodownload noplaybackrate noremoteplayback"
          disablePictureInPicture
          playsInline
          preload="auto"
          onError={() => setFailed(!fallBack())}
        />
        <People item={item} media={media} />
      </div>
      {driven ? null : <TargetName item={item} />}
    </>
  );
}

function VideoView(props: PresenterProps) {
  const { proxy } = props.item.media;
  return proxy ? <Video {...props} proxy={proxy} /> : <Missing what={t("The video")} />;
}

export const presenter: Presenter = { kind: "video", keys: [], View: VideoView };
