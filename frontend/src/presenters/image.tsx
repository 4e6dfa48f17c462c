import { useState } from "react";
import { t } from "../words/words";
import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";
import { useTimedMedium } from "./parts/useTimedMedium";

function ImageView({ item, driven, onMedia }: PresenterProps) {
  const [failed, setFailed] = useState(false);
  useTimedMedium(driven ? item.duration_s : null, onMedia);
  const { proxy } = item.media;
  if (!proxy || failed) return <Missing what={t("The picture")} />;
  return (
    <img className="medium" src={proxy.url} alt={t("The one to rate")} onError={() => setFailed(true)} />
  );
}

export const presenter: Presenter = { kind: "image", keys: [], View: ImageView };
