import { t } from "../../words/words";

interface MediaLoadingProps {
  part: number;
  poster: string | undefined;
}

/** Holds the medium's place while it is loaded wholly. */
export function MediaLoading({ part, poster }: MediaLoadingProps) {
  return (
    <div className="media-loading">
      {poster ? <img className="medium" src={poster} alt="" /> : null}
      <p className="calm" role="status">
        {t("Loading … {part} %", { part: Math.round(part * 100) })}
      </p>
    </div>
  );
}
