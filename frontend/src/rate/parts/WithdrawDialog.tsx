import { t } from "../../words/words";
import { Dialog } from "./Dialog";

interface WithdrawProps {
  onWithdraw(): void;
  onClose(): void;
}

export function WithdrawDialog({ onWithdraw, onClose }: WithdrawProps) {
  return (
    <Dialog title={t("Stop taking part?")} onClose={onClose}>
      <p>
        {t(
          "You can stop at any time, without giving a reason. This cannot be undone: afterwards you cannot go on with this study. What happens to the answers you have given is written in the information you agreed to.",
        )}
      </p>
      <form method="dialog" className="actions">
        <button type="submit" className="primary">
          {t("Keep going")}
        </button>
        <button type="button" className="danger" onClick={onWithdraw}>
          {t("Stop and withdraw")}
        </button>
      </form>
    </Dialog>
  );
}
