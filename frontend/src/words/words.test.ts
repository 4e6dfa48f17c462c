import { afterEach, expect, test } from "vitest";
import { speak, t } from "./words";

afterEach(() => speak({}));

test("a text without translation is said in English", () => {
  speak({ "Item {n} of {total}": "Elemento {n} de {total}" });
  expect(t("Please choose an answer.")).toBe("Please choose an answer.");
  expect(t("Item {n} of {total}", { n: 2, total: 9 })).toBe("Elemento 2 de 9");
});

test("a hole that nobody fills stays visible", () => {
  expect(t("Item {n}")).toBe("Item {n}");
});
