import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { takeFocus } from "../base/focus";
import { t } from "../words/words";
import type { Role, TalkOptions } from "./options";

interface ComposerProps {
  options: TalkOptions;
  role: Role;
  /** It is her turn; she may write before, too. */
  mayWrite: boolean;
  typed: string;
  onType(text: string): void;
  onSend(text: string, label: string): void;
}

/** Where the next message is written. */
export function Composer({ options, role, mayWrite, typed, onType, onSend }: ComposerProps) {
  const [label, setLabel] = useState("");
  const [unlabelled, setUnlabelled] = useState(false);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const choice = useRef<HTMLSelectElement>(null);
  useEffect(() => takeFocus(field.current), []);

  const send = () => {
    const text = typed.trim();
    if (text === "" || !mayWrite) return;
    if (role.labels && label === "") {
      setUnlabelled(true);
      return choice.current?.focus();
    }
    onSend(text, label);
    setLabel("");
    setUnlabelled(false);
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    // Enter also takes a suggestion of an input method.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (!event.repeat) send();
  };
  const left = options.maxChars - typed.length;
  return (
    <div className="composer">
      {role.labels ? (
        <LabelMenu
          id={`${id}-label`}
          options={options}
          label={label}
          missing={unlabelled && label === ""}
          field={choice}
          onLabel={setLabel}
        />
      ) : null}
      <label htmlFor={id}>{t("Your message")}</label>
      <div className="writing">
        <textarea
          id={id}
          ref={field}
          rows={2}
          dir="auto"
          maxLength={options.maxChars}
          value={typed}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKey}
        />
        <button type="button" className="primary" disabled={!mayWrite || typed.trim() === ""} onClick={send}>
          {t("Send")}
        </button>
      </div>
      <p className="hint" id={`${id}-hint`}>
        {mayWrite
          ? t("Enter sends, Shift+Enter begins a new line.")
          : t("You can send it when it is your turn.")}{" "}
        {left <= options.maxChars / 5 ? t("{left} characters left", { left }) : null}
      </p>
    </div>
  );
}

interface LabelMenuProps {
  id: string;
  options: TalkOptions;
  label: string;
  missing: boolean;
  field: React.Ref<HTMLSelectElement>;
  onLabel(label: string): void;
}

function LabelMenu({ id, options, label, missing, field, onLabel }: LabelMenuProps) {
  const chosen = options.labels.find(({ key }) => key === label);
  return (
    <div className="label-menu">
      <label htmlFor={id}>{t("What the message does")}</label>
      <select
        id={id}
        ref={field}
        value={label}
        aria-invalid={missing}
        aria-describedby={`${id}-told`}
        onChange={(event) => onLabel(event.target.value)}
      >
        <option value="">{t("Please choose")}</option>
        {options.labels.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <p id={`${id}-told`} className={missing ? "complaint" : "hint"} role={missing ? "alert" : undefined}>
        {missing ? t("Please say what the message does.") : (chosen?.definition ?? "")}
      </p>
    </div>
  );
}
