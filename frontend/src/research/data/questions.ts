import type { Dimension, Question } from "./shapes";

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Questions that are answered with a trace. */
export const isContinuous = ({ type }: Question): boolean => type.startsWith("trace");

/** Labels of a category question in the order of its taxonomy, those for "none of these" last. */
export const labelsOf = ({ options }: Question): { key: string; name: string }[] =>
  [...list(options.labels), ...list(options.escape)].map((label) => ({
    key: text(label.key),
    name: text(label.name) || text(label.key),
  }));

type Axis = Pick<Dimension, "key" | "name" | "min" | "max">;

/** Axes of a scale or trace question; of a question about the strength of labels, the labels. */
export const dimensionsOf = ({ options, type }: Question): Axis[] => {
  const alike = { min: options.min, max: options.max };
  const axes =
    type === "label_intensity"
      ? list(options.labels).map((label) => ({ ...label, ...alike }))
      : list(options.dimensions);
  return axes.map(({ key, name, min, max }: Record<string, unknown>) => ({
    key: text(key),
    name: text(name) || text(key),
    min: Number(min),
    max: Number(max),
  }));
};
