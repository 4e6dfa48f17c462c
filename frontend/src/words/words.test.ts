import { afterEach, expect, test } from "vitest";
import { shortened } from "./short";
import { speak, t, tn } from "./words";

afterEach(() => speak({}));

test("a text without translation is said in English", () => {
  speak(shortened({ "Item {n} of {total}": "Elemento {n} de {total}" }));
  expect(t("Please choose an answer.")).toBe("Please choose an answer.");
  expect(t("Item {n} of {total}", { n: 2, total: 9 })).toBe("Elemento 2 de 9");
});

test("a hole that nobody fills stays visible", () => {
  expect(t("Item {n}")).toBe("Item {n}");
});

test("a number of things takes the plural form of the language", () => {
  expect(tn(1, "{n} item", "{n} items")).toBe("1 item");
  expect(tn(3, "{n} item", "{n} items")).toBe("3 items");
  speak(
    shortened({ "{n} items": { one: "عنصر", two: "عنصران", few: "{n} عناصر", other: "{n} عنصر" } }),
    "ar",
  );
  expect(tn(2, "{n} item", "{n} items")).toBe("عنصران");
  expect(tn(3, "{n} item", "{n} items")).toBe("3 عناصر");
  expect(tn(100, "{n} item", "{n} items")).toBe("100 عنصر");
});
