import { useState } from "react";
import type { JsonObject } from "../api/types";
import { t } from "../words/words";
import { defineField, type FieldProps } from "./define";
import { isObject } from "./options";
import { Combobox } from "./parts/Combobox";
import { Complaint, Prompt, promptId } from "./parts/Prompt";
import { type Added, addWord } from "./parts/suggest";
import "./parts/words.css";

interface WordsOptions {
  suggestions: readonly string[];
  least: number;
  most: number;
  maxLength: number;
  /** How long a reason has to be; null: no reasons are asked for. */
  reasonLength: number | null;
}

interface Given {
  words: string[];
  reasons: { [word: string]: string };
}

const MAX_REASON = 1000;

function givenOf(value: JsonObject | null): Given {
  const words = Array.isArray(value?.words) ? value.words.filter((word) => typeof word === "string") : [];
  const reasons = isObject(value?.reasons) ? value.reasons : {};
  const reasonOf = (word: string) => (typeof reasons[word] === "string" ? reasons[word] : "");
  return { words, reasons: Object.fromEntries(words.map((word) => [word, reasonOf(word)])) };
}

const answerOf = ({ words, reasons }: Given, { reasonLength }: WordsOptions): JsonObject | null => {
  if (words.length === 0) return null;
  const asked = Object.fromEntries(words.map((word) => [word, reasons[word] ?? ""]));
  return reasonLength === null ? { words } : { words, reasons: asked };
};

/** What is said after something was added or refused. */
function saidOf(added: Added): string {
  if ("words" in added) return t("Added {word}.", { word: added.words.at(-1) ?? "" });
  if (added.refused === "twice") return t("You have this word already.");
  return added.refused === "full" ? t("You cannot add more words.") : "";
}

function WordsView(props: FieldProps & { options: WordsOptions }) {
  const { question, options, value, complaint, onChange } = props;
  const given = givenOf(value);
  const [said, setSaid] = useState("");
  const full = given.words.length >= options.most;
  const change = (to: Given) => onChange(answerOf(to, options));
  const add = (typed: string): boolean => {
    const added = addWord(given.words, typed, options.most);
    setSaid(saidOf(added));
    if ("words" in added) change({ ...given, words: added.words });
    return "words" in added;
  };
  const remove = (word: string) => {
    setSaid(t("Removed {word}.", { word }));
    change({ ...given, words: given.words.filter((one) => one !== word) });
  };

  return (
    <section className="question">
      <Prompt question={question} />
      {given.words.length > 0 ? (
        <ul className={options.reasonLength === null ? "words" : "words with-reasons"}>
          {given.words.map((word) => (
            <li key={word} className="word">
              <span className="word-name" dir="auto">
                {word}
              </span>
              <button
                type="button"
                className="quiet"
                aria-label={t("Remove {word}", { word })}
                onClick={() => remove(word)}
              >
                <span aria-hidden="true">×</span>
              </button>
              {options.reasonLength === null ? null : (
                <textarea
                  rows={2}
                  dir="auto"
                  aria-label={t("Why {word}?", { word })}
                  placeholder={t("Why {word}?", { word })}
                  maxLength={MAX_REASON}
                  value={given.reasons[word] ?? ""}
                  onChange={(event) =>
                    change({ ...given, reasons: { ...given.reasons, [word]: event.target.value } })
                  }
                />
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <Combobox
        labelledBy={promptId(question)}
        suggestions={options.suggestions}
        taken={given.words}
        maxLength={options.maxLength}
        full={full}
        onAdd={add}
      />
      <p className="hint">
        {full
          ? t("These are all; remove one to add another.")
          : t("{n} of at most {most} words. Enter adds a word.", {
              n: given.words.length,
              most: options.most,
            })}
      </p>
      <p className="words-said" role="status">
        {said}
      </p>
      <Complaint text={complaint} />
    </section>
  );
}

export const questionType = defineField<WordsOptions>({
  type: "open_words",
  keys: [
    { keys: "Enter", does: t("add the word") },
    { keys: "↑ ↓", does: t("go through the suggestions") },
  ],
  readOptions: (reader) => ({
    suggestions: reader.texts("suggestions", []),
    least: reader.number("min_words", 1),
    most: reader.number("max_words", 5),
    maxLength: reader.number("max_length", 40),
    reasonLength: reader.numberOrNull("reason_min_length"),
  }),
  problem(value, { least, reasonLength }, question) {
    const { words, reasons } = givenOf(value);
    if (words.length === 0 && !question.required) return null;
    if (words.length < least) {
      return least === 1 ? t("Please add a word.") : t("Please add at least {n} words.", { n: least });
    }
    const short = words.find((word) => (reasons[word] ?? "").trim().length < (reasonLength ?? 0));
    return short === undefined
      ? null
      : t("Please say why {word}, with at least {n} characters.", { word: short, n: reasonLength ?? 0 });
  },
  View: WordsView,
});
