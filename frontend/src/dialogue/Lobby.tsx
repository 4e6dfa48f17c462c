import { t } from "../words/words";
import type { TalkOptions } from "./options";

interface LobbyProps {
  options: TalkOptions;
  onSeek(): void;
}

/** What will happen, before anybody is looked for. */
export function Lobby({ options, onSeek }: LobbyProps) {
  return (
    <>
      <p>
        {t(
          "You are going to talk in writing with another person who takes part in this study. Which of you has which role is decided when both are there.",
        )}
      </p>
      <dl className="roles">
        {options.roles.map((role) => (
          <div key={role.key}>
            <dt dir="auto">{role.name}</dt>
            <dd dir="auto">
              {role.text}{" "}
              <span className="hint">
                {role.seesItem ? t("Sees what it is about.") : t("Does not see what it is about.")}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="hint">
        {t("Please begin only if you can stay for the conversation: somebody waits for your answers.")}
      </p>
      <div className="actions">
        <button type="button" className="primary" onClick={onSeek}>
          {t("Look for a partner")}
        </button>
      </div>
    </>
  );
}
