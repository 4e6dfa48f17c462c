import type { TalkOptions } from "../dialogue/options";
import { later } from "../words/Later";
import { t } from "../words/words";
import { defineDesk } from "./define";

export const questionType = defineDesk<TalkOptions>({
  type: "live_dialogue",
  drives: false,
  keys: [
    { keys: "Enter", does: t("send the message") },
    { keys: "Shift+Enter", does: t("a new line") },
  ],
  readOptions(reader) {
    return {
      roles: reader.each("roles", (role) => ({
        key: role.text("key"),
        name: role.text("name"),
        text: role.text("text", ""),
        seesItem: role.flag("sees_item", true),
        labels: role.flag("labels", false),
      })),
      labels: reader.each(
        "turn_labels",
        (label) => ({
          key: label.text("key"),
          name: label.text("name"),
          definition: label.text("definition", ""),
        }),
        [],
      ),
      minTurns: reader.number("min_turns"),
      maxTurns: reader.numberOrNull("max_turns"),
      maxChars: reader.number("max_chars"),
      alternate: reader.flag("alternate"),
      waitS: reader.number("wait_s"),
      reveal: reader.flag("reveal"),
    };
  },
  View: later(() => import("../dialogue/Conversation").then(({ Conversation }) => Conversation), "making"),
});
