import type { JsonObject, JsonValue, Question } from "../api/types";

/** A study's question has options that this page cannot work with. */
export class OptionsError extends Error {
  constructor(key: string, option: string, expected: string) {
    super(`Question "${key}": option "${option}" must be ${expected}.`);
    this.name = "OptionsError";
  }
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Typed reading of a question's options; a missing option takes the fallback, if there is one. */
export class OptionReader {
  private readonly key: string;
  private readonly options: JsonObject;

  constructor(question: Pick<Question, "key" | "options">) {
    this.key = question.key;
    this.options = question.options;
  }

  number(option: string, fallback?: number): number {
    return this.read(option, "a number", (value) => typeof value === "number", fallback);
  }

  text(option: string, fallback?: string): string {
    return this.read(option, "a text", (value) => typeof value === "string", fallback);
  }

  flag(option: string, fallback?: boolean): boolean {
    return this.read(option, "true or false", (value) => typeof value === "boolean", fallback);
  }

  /** One of a few words; left out: the first. */
  oneOf<T extends string>(option: string, allowed: readonly [T, ...T[]]): T {
    const found = allowed.find((one) => one === this.text(option, allowed[0]));
    if (found === undefined) throw this.wrong(option, allowed.map((one) => `"${one}"`).join(" or "));
    return found;
  }

  /** A number that may be left out. */
  numberOrNull(option: string): number | null {
    const value = this.options[option];
    return value === undefined || value === null ? null : this.number(option);
  }

  numbers(option: string, fallback?: number[]): number[] {
    const test = (value: JsonValue) =>
      Array.isArray(value) && value.every((part) => typeof part === "number");
    return this.read(option, "a list of numbers", test, fallback);
  }

  texts(option: string, fallback?: string[]): string[] {
    const test = (value: JsonValue) =>
      Array.isArray(value) && value.every((part) => typeof part === "string");
    return this.read(option, "a list of texts", test, fallback);
  }

  /** A list of objects, each with its own reader. */
  each<T>(option: string, make: (reader: OptionReader) => T, fallback?: T[]): T[] {
    const value = this.options[option];
    if (value === undefined && fallback) return fallback;
    if (!Array.isArray(value) || !value.every(isObject)) throw this.wrong(option, "a list of objects");
    return value.map((options, index) =>
      make(new OptionReader({ key: `${this.key}.${option}[${index}]`, options })),
    );
  }

  wrong(option: string, expected: string): OptionsError {
    return new OptionsError(this.key, option, expected);
  }

  private read<T>(option: string, expected: string, test: (value: JsonValue) => boolean, fallback?: T): T {
    const value = this.options[option];
    if (value === undefined || value === null) {
      if (fallback !== undefined) return fallback;
      throw this.wrong(option, expected);
    }
    if (!test(value)) throw this.wrong(option, expected);
    return value as T;
  }
}
