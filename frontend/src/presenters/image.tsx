import { useState } from "react";
import type { Presenter, PresenterProps } from "./define";
import { Missing } from "./parts/Missing";

function ImageView({ item }: PresenterProps) {
  const [failed, setFailed] = useState(false);
  const { proxy } = item.media;
  if (!proxy || failed) return <Missing what="The picture" />;
  return <img className="medium" src={proxy.url} alt="The one to rate" onError={() => setFailed(true)} />;
}

export const presenter: Presenter = { kind: "image", keys: [], View: ImageView };
