import { useState } from "react";
import type { MediaFile } from "../api/types";
import { later } from "../words/Later";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";
import { MediaLoading } from "./parts/MediaLoading";
import { Missing } from "./parts/Missing";
import { People, TargetName } from "./parts/People";
import { useMediaSource } from "./parts/useMediaSource";
import { beginningAt, isStretch, useMedium } from "./parts/useMedium";

const PlayBar = later(() => import("./parts/PlayBar").then(({ PlayBar }) => PlayBar));

function Video({ item, driven, onMedia, proxy }: PresenterProps & { proxy: MediaFile }) {
  const [failed, setFailed] = useState(false);
  const [source, fallBack] = useMediaSource(proxy.url, driven);
  const { element, medium, take } = useMedium<HTMLVideoElement>(item, onMedia, () => setFailed(true));
  const stretch = isStretch(item);
  // It may be a picture of any place in the file.
  const poster = stretch ? undefined : item.media.poster?.url;
  if (failed) return <Missing what={t("The video")} />;
  if (source.state === "loading") return <MediaLoading part={source.part} poster={poster} />;
  return (
    <>
      <div className="video-frame">
        {/* biome-ignore lint/a11y/useMediaCaption: raters judge the recording as it is; captions would be another stimulus. */}
        <video
          ref={take}
          className="medium"
          src={beginningAt(source.src, item)}
          poster={poster}
          aria-label={t("The video to rate")}
          controls={!driven && !stretch}
          controlsList="nodownload noplaybackrate noremoteplayback"
          disablePictureInPicture
          playsInline
          preload="auto"
          onError={() => setFailed(!fallBack())}
        />
        <People item={item} media={element} />
      </div>
      {medium && stretch && !driven ? <PlayBar medium={medium} name={t("Place in the film")} /> : null}
      {driven ? null : <TargetName item={item} />}
    </>
  );
}

function VideoView(props: PresenterProps) {
  const { proxy } = props.item.media;
  return proxy ? <Video {...props} proxy={proxy} /> : <Missing what={t("The video")} />;
}

export const presenter: Presenter = { kind: "video", keys: [], View: VideoView };
