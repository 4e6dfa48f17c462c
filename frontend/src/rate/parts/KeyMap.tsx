import type { KeyHelp } from "../../questions/define";
import { t } from "../../words/words";
import { Dialog } from "./Dialog";

const general = (): readonly KeyHelp[] => [
  { keys: "Tab", does: t("move between controls") },
  { keys: "Ctrl Enter", does: t("send the answers") },
  { keys: "?", does: t("show this list") },
  { keys: "Esc", does: t("close a window like this one") },
];

export function KeyMap({ keys, onClose }: { keys: readonly KeyHelp[]; onClose(): void }) {
  return (
    <Dialog title={t("Keys")} onClose={onClose}>
      <dl className="keys">
        {[...keys, ...general()].map((help) => (
          <div key={help.keys + help.does}>
            <dt>
              <kbd>{t(help.keys)}</kbd>
            </dt>
            <dd>{t(help.does)}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="actions">
        <button type="submit" className="primary">
          {t("Close")}
        </button>
      </form>
    </Dialog>
  );
}
