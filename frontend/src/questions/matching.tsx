import type { Item, JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { candidatesOf, orderOf, textIn } from "./parts/candidates";
import { type Tile, Tiles } from "./parts/Tiles";

const NONE = "none";

interface MatchingOptions {
  yesNo: boolean;
  none: boolean;
  noneLabel: string;
}

function tilesOf(item: Item, { yesNo, none, noneLabel }: MatchingOptions): Tile[] {
  if (yesNo) {
    return [
      { key: "yes", name: t("Yes") },
      { key: "no", name: t("No") },
    ];
  }
  const offered = candidatesOf(item).map(({ name, label }) => ({ key: name, name: label }));
  return none ? [...offered, { key: NONE, name: noneLabel }] : offered;
}

function chosenIn(value: JsonObject | null): string | null {
  if (typeof value?.fits === "boolean") return value.fits ? "yes" : "no";
  return textIn(value, "match");
}

function MatchingView(props: FieldProps & { options: MatchingOptions }) {
  const { question, item, options, value, complaint, primary, onChange } = props;
  const order = orderOf(item);
  return (
    <Tiles
      question={question}
      tiles={tilesOf(item, options)}
      chosen={chosenIn(value)}
      complaint={complaint}
      primary={primary}
      onChoose={(key) => onChange(options.yesNo ? { fits: key === "yes", order } : { match: key, order })}
    />
  );
}

export const questionType = defineField<MatchingOptions>({
  type: "matching",
  keys: [{ keys: "1 – 9", does: t("choose an answer") }],
  readOptions(reader) {
    const mode = reader.text("mode", "which");
    if (mode !== "which" && mode !== "yes_no") throw reader.wrong("mode", `"which" or "yes_no"`);
    return {
      yesNo: mode === "yes_no",
      none: reader.flag("none", false),
      noneLabel: reader.text("none_label", t("None of them")),
    };
  },
  problem: (value, _options, question) =>
    question.required && chosenIn(value) === null ? t("Please choose an answer.") : null,
  View: MatchingView,
});
