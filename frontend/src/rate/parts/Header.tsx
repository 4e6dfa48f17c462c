import { useState } from "react";
import type { Participation } from "../../api/types";
import { type ReadableStore, useStore } from "../../base/store";
import type { KeyHelp } from "../../questions/define";
import { t } from "../../words/words";
import type { SaveState } from "../workbench";
import { KeyMap } from "./KeyMap";
import { LanguageMenu } from "./LanguageMenu";
import { useHelpKey } from "./useHelpKey";
import { WithdrawDialog } from "./WithdrawDialog";

const SAVE_TEXT: Record<SaveState["kind"], () => string> = {
  saved: () => t("Saved"),
  live: () => t("Saving live"),
  sending: () => t("Saving …"),
  kept: () => t("Kept on this device"),
  unsafe: () => t("Not saved"),
};

function SaveMark({ save }: { save: ReadableStore<SaveState> }) {
  const state = useStore(save);
  return (
    <span
      className={`save save-${state.kind}`}
      role="status"
      title={state.kind === "unsafe" ? state.message : undefined}
    >
      {SAVE_TEXT[state.kind]()}
    </span>
  );
}

interface Where {
  text: string;
  part: number;
}

/** "Item 3 of 8": the item in hand counts as the next one. */
export function progressOf({ progress }: Participation, practice: boolean): Where {
  const done = practice ? progress.practice_done : progress.done;
  const total = practice ? progress.practice_total : progress.total;
  const n = Math.min(done + 1, total);
  const text = practice ? t("Practice {n} of {total}", { n, total }) : t("Item {n} of {total}", { n, total });
  return { text, part: total > 0 ? done / total : 0 };
}

interface HeaderProps {
  title: string;
  /** Of the study's texts; null while it is not known. */
  language: string | null;
  languages: readonly string[];
  participation: Participation | null;
  /** Set while an item is in hand. */
  practice: boolean | null;
  keys: readonly KeyHelp[];
  save: ReadableStore<SaveState>;
  onLanguage(language: string): void;
  onWithdraw(): void;
}

export function Header(props: HeaderProps) {
  const { title, language, languages, participation, practice, keys, save, onLanguage, onWithdraw } = props;
  const [open, setOpen] = useState<"keys" | "withdraw" | null>(null);
  useHelpKey(() => setOpen("keys"));
  const rating = participation?.state === "consented" || participation?.state === "rating";
  const where = participation && practice !== null ? progressOf(participation, practice) : null;
  return (
    <header className={where ? "header rating" : "header"}>
      <div className="header-row">
        <h1>{title}</h1>
        {where ? <span className="where">{where.text}</span> : null}
        {practice !== null ? <SaveMark save={save} /> : null}
        <span className="header-tools">
          {language === null ? null : <LanguageMenu {...{ language, languages }} onChoose={onLanguage} />}
          <button
            type="button"
            className="quiet"
            aria-label={t("Show the keys")}
            onClick={() => setOpen("keys")}
          >
            ?
          </button>
          {rating ? (
            <button type="button" className="quiet" onClick={() => setOpen("withdraw")}>
              {t("Stop")}
            </button>
          ) : null}
        </span>
      </div>
      {where ? (
        <div
          className="progress"
          role="progressbar"
          aria-label={t("Progress")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(where.part * 100)}
          aria-valuetext={where.text}
        >
          <div className="progress-fill" style={{ transform: `scaleX(${where.part})` }} />
        </div>
      ) : null}
      {open === "keys" ? <KeyMap keys={keys} onClose={() => setOpen(null)} /> : null}
      {open === "withdraw" ? (
        <WithdrawDialog
          onClose={() => setOpen(null)}
          onWithdraw={() => {
            setOpen(null);
            onWithdraw();
          }}
        />
      ) : null}
    </header>
  );
}
