import { useEffect } from "react";
import { t } from "../words/words";
import { clock } from "./clock";
import type { TalkOptions } from "./options";
import { useTitle } from "./useTitle";

interface WaitingProps {
  waitedS: number;
  options: TalkOptions;
  onStop(): void;
  /** Go on with the next item. */
  onWithout(): void;
}

/** Nobody else is there yet. */
export function WaitingRoom({ waitedS, options, onStop, onWithout }: WaitingProps) {
  const inVain = waitedS >= options.waitS;
  const setTitle = useTitle();
  useEffect(() => setTitle(t("Waiting …")), [setTitle]);
  return (
    <div className="waiting-room">
      <p className="waiting" role="status">
        {inVain ? t("Nobody has come so far.") : t("Waiting for a partner …")}
      </p>
      <progress
        max={options.waitS}
        value={Math.min(waitedS, options.waitS)}
        aria-label={t("How long you have waited")}
      />
      <p className="hint waited">
        {t("{waited} of {most}", { waited: clock(waitedS), most: clock(options.waitS) })}
      </p>
      <p>
        {inVain
          ? t("You can go on without a conversation; you lose nothing by it. Or wait a little longer.")
          : t(
              "Please keep this page open. The conversation begins as soon as somebody comes; the title of this tab tells you, too. If nobody comes in this time, you can go on without and lose nothing.",
            )}
      </p>
      <div className="actions">
        {inVain ? (
          <button type="button" className="primary" onClick={onWithout}>
            {t("Go on without")}
          </button>
        ) : null}
        <button type="button" onClick={onStop}>
          {t("Stop waiting")}
        </button>
      </div>
    </div>
  );
}
