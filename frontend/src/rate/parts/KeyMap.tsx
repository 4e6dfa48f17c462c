import type { KeyHelp } from "../../questions/define";
import { Dialog } from "./Dialog";

const GENERAL: readonly KeyHelp[] = [
  { keys: "Tab", does: "move between controls" },
  { keys: "Ctrl Enter", does: "send the answers" },
  { keys: "?", does: "show this list" },
  { keys: "Esc", does: "close a window like this one" },
];

export function KeyMap({ keys, onClose }: { keys: readonly KeyHelp[]; onClose(): void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {[...keys, ...GENERAL].map((help) => (
          <div key={help.keys + help.does}>
            <dt>
              <kbd>{help.keys}</kbd>
            </dt>
            <dd>{help.does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="actions">
        <button type="submit" className="primary">
          Close
        </button>
      </form>
    </Dialog>
  );
}
