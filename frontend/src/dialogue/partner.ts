import { t } from "../words/words";
import type { Dialogue } from "./calls";
import type { Role } from "./options";

/** Nothing can be said any more. */
export const isOver = ({ state }: Dialogue): boolean => state !== "open";

/** Nobody is there to answer. */
export const isAlone = (dialogue: Dialogue): boolean => isOver(dialogue) || dialogue.partner === "gone";

/** How the other one is there, or is not, in a sentence. */
export function stateOf(dialogue: Dialogue, { name }: Role, offline: boolean): string {
  if (dialogue.state === "ended") return t("The conversation is over.");
  if (offline) return t("No connection. What you write is kept on this device and sent by itself.");
  switch (isOver(dialogue) ? "left" : dialogue.partner) {
    case "writing":
      return t("{name} is writing …", { name });
    case "away":
      return t("{name} is not looking at the page at the moment.", { name });
    case "gone":
      return dialogue.may_end
        ? t("Nothing has come from {name} for a while. Wait, or end the conversation and go on.", { name })
        : t(
            "Nothing has come from {name} for a while. Wait, or look for another partner; you lose nothing.",
            {
              name,
            },
          );
    case "left":
      return dialogue.may_end
        ? t("{name} has left. Enough was said, so you can go on with it.", { name })
        : t("{name} has left before enough was said. You lose nothing by it.", { name });
    default:
      return dialogue.my_turn
        ? t("{name} is here. It is your turn.", { name })
        : t("{name} is here.", { name });
  }
}
