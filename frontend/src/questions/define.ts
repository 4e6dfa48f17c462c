import { type ComponentType, createElement, type ReactElement } from "react";
import type { Item, JsonObject, Question } from "../api/types";
import type { Medium } from "../desk/medium";
import type { Desk } from "../desk/services";
import { OptionReader } from "./options";

export interface KeyHelp {
  keys: string;
  does: string;
}

export interface FieldProps {
  question: Question;
  /** What is asked about. */
  item: Item;
  /** The medium that the rater plays as she likes; null where there is none, or not yet. */
  media: Medium | null;
  value: JsonObject | null;
  /** Marks that others made before, in a consensus round; nobody is told whose. */
  earlier: readonly JsonObject[];
  /** Why the present value cannot be submitted; shown once the rater tried to. */
  complaint: string | null;
  /** The first question of the page: takes short keys while the focus is in no other question. */
  primary: boolean;
  /** null takes the answer back. */
  onChange(value: JsonObject | null): void;
}

export interface DeskProps {
  question: Question;
  desk: Desk;
  /** The medium, for a question that plays it; null while it is not there. */
  media: Medium | null;
  onDone(value: JsonObject, played: JsonObject): void;
}

interface Bound {
  question: Question;
  keys: readonly KeyHelp[];
}

/** Stands with others on one page below the item, and is submitted with a button. */
export interface BoundField extends Bound {
  layout: "field";
  /** It asks about moments of the item, which the rater has to be able to go to. */
  timed: boolean;
  /** What is wrong with the value as a sentence, or null when it can be submitted. */
  problem(value: JsonObject | null): string | null;
  /** The answer of a rater who leaves everything as it stands; null: she has to do something. */
  resting(): JsonObject | null;
  render(props: Omit<FieldProps, "question">): ReactElement;
}

/** Has the whole page together with the medium, and is done when it says so. */
export interface BoundDesk extends Bound {
  layout: "desk";
  /** It shows all that it needs itself: the item is not on the page meanwhile. */
  solo: boolean;
  /** It plays the medium, so the rater does not. */
  drives: boolean;
  render(props: Omit<DeskProps, "question">): ReactElement;
}

export type BoundQuestion = BoundField | BoundDesk;

/** What a file in this folder exports as `questionType`. */
export interface QuestionType {
  type: string;
  /** Reads the question's options; throws `OptionsError` when they are wrong. */
  bind(question: Question): BoundQuestion;
}

interface Definition<O> {
  type: string;
  keys: readonly KeyHelp[];
  readOptions(reader: OptionReader): O;
}

interface FieldDefinition<O> extends Definition<O> {
  problem(value: JsonObject | null, options: O, question: Question): string | null;
  resting?(options: O): JsonObject | null;
  timed?(options: O): boolean;
  View: ComponentType<FieldProps & { options: O }>;
}

interface DeskDefinition<O> extends Definition<O> {
  solo?: boolean;
  drives?: boolean;
  View: ComponentType<DeskProps & { options: O }>;
}

export function defineField<O>(definition: FieldDefinition<O>): QuestionType {
  const { type, keys, readOptions, problem, resting, timed, View } = definition;
  return {
    type,
    bind(question) {
      const options = readOptions(new OptionReader(question));
      return {
        layout: "field",
        timed: timed?.(options) ?? false,
        question,
        keys,
        problem: (value) => problem(value, options, question),
        resting: () => (question.required && resting ? resting(options) : null),
        render: (props) => createElement(View, { ...props, question, options }),
      };
    },
  };
}

export function defineDesk<O>(definition: DeskDefinition<O>): QuestionType {
  const { type, keys, readOptions, View, solo = false, drives = true } = definition;
  return {
    type,
    bind(question) {
      const options = readOptions(new OptionReader(question));
      return {
        layout: "desk",
        solo,
        drives,
        question,
        keys,
        render: (props) => createElement(View, { ...props, question, options }),
      };
    },
  };
}
