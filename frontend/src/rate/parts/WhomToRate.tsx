import { useState } from "react";
import { LabelTiles } from "../../questions/parts/LabelTiles";
import { t } from "../../words/words";
import "./whom.css";

interface WhomProps {
  names: readonly string[];
  picked: string | null;
  onPick(name: string): void;
  onBegin(name: string): void;
}

/** Of several people in an item the rater picks one, here or by a click on her frame, before anything is asked. */
export function WhomToRate({ names, picked, onPick, onBegin }: WhomProps) {
  const [tried, setTried] = useState(false);
  const labels = names.map((name) => ({ key: name, name, definition: "", parent: null, ring: 0 }));
  return (
    <form
      className="question whom"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (picked !== null) onBegin(picked);
      }}
    >
      <div className="prompt">
        <h2 id="whom">{t("Whom do you rate?")}</h2>
        <p className="help">{t("Several people are marked. All your answers are about the one you pick.")}</p>
      </div>
      <fieldset aria-labelledby="whom">
        <LabelTiles
          labels={labels}
          name="whom"
          multiple={false}
          chosen={picked === null ? [] : [picked]}
          firstKey={0}
          onTake={onPick}
        />
      </fieldset>
      <p className="complaint" role="alert">
        {tried && picked === null ? t("Please pick somebody.") : null}
      </p>
      <div className="actions">
        <button type="submit" className="primary">
          {t("Rate this one")}
        </button>
      </div>
    </form>
  );
}
