import { useState } from "react";
import type { JsonObject } from "../../api/types";
import { t } from "../../words/words";
import type { FieldProps } from "../define";
import { answerOfCodes, begun, type Coded, codesOf, readCode } from "../parts/facs";
import { useUndo } from "../parts/useUndo";
import type { FacsOptions } from "./options";

/** Everything that can be done with the codes of an answer; `said` tells what was done, or why it was not. */
export function useFacs(options: FacsOptions, { value, onChange }: Pick<FieldProps, "value" | "onChange">) {
  const [typed, setTyped] = useState("");
  const [said, setSaid] = useState("");
  const steps = useUndo<JsonObject | null>(value, onChange);
  const answer = codesOf(value);
  const codes = answer ?? [];
  const set = (next: readonly Coded[]) => steps.change(answerOfCodes(next));
  const revise = (index: number, part: Partial<Coded>) =>
    set(codes.map((coded, place) => (place === index ? { ...coded, ...part } : coded)));
  const has = (key: string) => codes.some((coded) => coded.unit === key);
  const toggle = (key: string) =>
    set(has(key) ? codes.filter((coded) => coded.unit !== key) : [...codes, begun(key, options)]);
  const remove = (index: number) => set(codes.filter((_, place) => place !== index));
  const another = (index: number) => {
    const unit = codes[index]?.unit;
    if (unit) set([...codes.slice(0, index + 1), begun(unit, options), ...codes.slice(index + 1)]);
  };
  const write = () => {
    const words = typed.split(/[\s,+]+/).filter(Boolean);
    const read = words.map((word) => readCode(word, options));
    const wrong = words.find((_, index) => read[index] === null);
    if (wrong) return setSaid(t("{code} is no code of this question.", { code: wrong }));
    set([...codes, ...read.filter((coded) => coded !== null)]);
    setTyped("");
    setSaid(t("Added: {codes}.", { codes: words.join(", ") }));
  };
  const nothing = () => set([]);
  return {
    typed,
    setTyped,
    said,
    steps,
    answer,
    codes,
    has,
    revise,
    toggle,
    remove,
    another,
    write,
    nothing,
  };
}
